/* What the page's head says: likeness to titles and description, presence in the declared body. features._head. */
#include "sheet.h"
#include <math.h>

/* One bit for each title, and one for the description. */
#define MOST_TITLES 63
#define DESCRIPTION MOST_TITLES
/* Characters of a block that are looked up in the declared body. */
#define LOOKED_UP 60
#define TITLE_FROM 0.6f

struct word {
    uint64_t hash;
    uint64_t told_by; /* titles and description that hold it */
    uint32_t seen_in; /* block, + 1 */
    int32_t start, size;
};

/* Words by their letters; those of one block at a time, or those of titles and description. */
struct lexicon {
    struct word *slots;
    uint64_t mask, seed;
    Py_UCS4 *letters;
    Py_ssize_t used, room;
};

/* Room for a text's letters beyond those in use, and for slots of its words. */
static int make_room(struct lexicon *lexicon, Py_ssize_t letters)
{
    if (lexicon->used + letters > lexicon->room) {
        Py_ssize_t room = 2 * (lexicon->used + letters) + 64;
        Py_UCS4 *moved = PyMem_Realloc(lexicon->letters, (size_t)room * sizeof *moved);
        if (!moved) {
            PyErr_NoMemory();
            return -1;
        }
        lexicon->letters = moved;
        lexicon->room = room;
    }
    return 0;
}

/* A word has a letter and a gap behind it, so that half as many words as letters is the most; slots are twice that. */
static int begin_lexicon(struct lexicon *lexicon, Py_ssize_t letters, uint64_t seed)
{
    uint64_t slots = 64;
    while (slots < (uint64_t)letters + 2)
        slots *= 2;
    lexicon->slots = PyMem_Calloc(slots, sizeof *lexicon->slots);
    lexicon->mask = slots - 1;
    lexicon->seed = seed;
    if (lexicon->slots)
        return 0;
    PyErr_NoMemory();
    return -1;
}

static void end_lexicon(struct lexicon *lexicon)
{
    PyMem_Free(lexicon->slots);
    PyMem_Free(lexicon->letters);
}

/* The slot of a word: its own, or the free one where it belongs; slots last used for another block than `block` are free
   (with 0, only those never used). */
static struct word *slot_of(const struct lexicon *lexicon, const Py_UCS4 *letters, uint64_t hash, Py_ssize_t size,
                            uint32_t block)
{
    for (uint64_t at = mixed(hash);; at++) {
        struct word *word = &lexicon->slots[at & lexicon->mask];
        if (!word->size || word->seen_in != block)
            return word;
        if (word->hash == hash && word->size == size &&
            !memcmp(lexicon->letters + word->start, letters, (size_t)size * sizeof *letters))
            return word;
    }
}

/* The next word of a text from `*at` on, lowered, into the free part of `lexicon`; its size, 0 at the end, -1 where only
   Python knows how a letter is lowered. */
static Py_ssize_t next_word(struct lexicon *lexicon, PyObject *text, Py_ssize_t *at, uint64_t *hash)
{
    int kind = PyUnicode_KIND(text);
    const void *codes = PyUnicode_DATA(text);
    Py_ssize_t n = *at, end = PyUnicode_GET_LENGTH(text), size = 0;
    Py_UCS4 *letters = lexicon->letters + lexicon->used;
    uint64_t sum = lexicon->seed;
    while (n < end) {
        Py_UCS4 letter = word_letter(PyUnicode_READ(kind, codes, n));
        n++;
        if (letter > RARE) {
            letters[size++] = letter;
            sum = (sum ^ letter) * UINT64_C(0x9E3779B97F4A7C15);
        } else if (letter == RARE)
            return -1;
        else if (size)
            break;
    }
    *at = n;
    *hash = sum;
    return size;
}

/* Notes a title's or the description's words; their number, or -1 with an error set. */
static Py_ssize_t learn_words(struct lexicon *told, PyObject *text, int source)
{
    Py_ssize_t at = 0, size, count = 0;
    uint64_t hash;
    while ((size = next_word(told, text, &at, &hash)) > 0) {
        struct word *word = slot_of(told, told->letters + told->used, hash, size, 0);
        if (!word->size) {
            *word = (struct word){.hash = hash, .start = (int32_t)told->used, .size = (int32_t)size};
            told->used += size;
        }
        count += !(word->told_by >> source & 1);
        word->told_by |= UINT64_C(1) << source;
    }
    return count;
}

/* What a block shares with titles and description: different words in all, and of each. */
struct shared {
    Py_ssize_t words, told[MOST_TITLES + 1];
    uint64_t told_by;
};

/* 1 where the block's words were compared, 0 where only Python knows how to lower them. */
static int compare_words(struct lexicon *fresh, const struct lexicon *told, PyObject *text, uint32_t block,
                         struct shared *shared)
{
    Py_ssize_t at = 0, size;
    uint64_t hash;
    fresh->used = 0;
    while ((size = next_word(fresh, text, &at, &hash)) > 0) {
        const Py_UCS4 *letters = fresh->letters + fresh->used;
        struct word *word = slot_of(fresh, letters, hash, size, block);
        uint64_t told_by;
        if (word->size && word->seen_in == block)
            continue;
        *word = (struct word){.hash = hash, .start = (int32_t)fresh->used, .size = (int32_t)size, .seen_in = block};
        fresh->used += size;
        shared->words++;
        told_by = slot_of(told, letters, hash, size, 0)->told_by;
        shared->told_by |= told_by;
        for (int source = 0; told_by; source++, told_by >>= 1)
            shared->told[source] += told_by & 1;
    }
    return size == 0;
}

/* Everything that is compared on one page. */
struct comparison {
    struct lexicon told, fresh;
    Py_ssize_t titles, size[MOST_TITLES + 1]; /* different words of each */
    Py_ssize_t longest;
};

static void note_likeness(struct sheet *s, const struct comparison *c, const struct shared *shared, Py_ssize_t n)
{
    Py_ssize_t words = shared->words;
    double likeness = 0, cover = 0;
    if (s->size[n] <= s->facts->longest_title)
        for (int title = 0; title < c->titles; title++) {
            Py_ssize_t both = shared->told[title];
            if (!both)
                continue;
            likeness = fmax(likeness, (double)both / (double)(words + c->size[title] - both));
            cover = fmax(cover, (double)both / (double)words);
        }
    s->likeness[n] = (float)likeness;
    s->cover[n] = (float)cover;
    if (c->size[DESCRIPTION]) {
        Py_ssize_t both = shared->told[DESCRIPTION];
        s->described[n] = (float)((double)both / (double)(words + c->size[DESCRIPTION] - both));
    }
}

static int compare_block(struct sheet *s, struct comparison *c, Py_ssize_t n)
{
    struct shared shared = {0};
    uint32_t block = (uint32_t)n + 1;
    if (make_room(&c->fresh, PyUnicode_GET_LENGTH(s->text[n])) < 0)
        return -1;
    if (!compare_words(&c->fresh, &c->told, s->text[n], block, &shared)) {
        PyObject *low = PyObject_CallMethod(s->text[n], "lower", NULL);
        int failed = !low || make_room(&c->fresh, PyUnicode_GET_LENGTH(low)) < 0;
        if (!failed) {
            memset(&shared, 0, sizeof shared);
            /* The interrupted attempt has left words under this block's number: they are numbered again. */
            failed = !compare_words(&c->fresh, &c->told, low, block | UINT32_C(0x80000000), &shared);
        }
        Py_XDECREF(low);
        if (failed)
            return -1;
    }
    if (shared.told_by)
        note_likeness(s, c, &shared, n);
    return 0;
}

/* A title's or description's words by `source`, lowered by Python: 0, or -1 with an error set. */
static int learn(struct comparison *c, PyObject *text, int source)
{
    PyObject *low = PyObject_CallMethod(text, "lower", NULL);
    Py_ssize_t count = -1;
    if (low && make_room(&c->told, PyUnicode_GET_LENGTH(low)) == 0)
        count = learn_words(&c->told, low, source);
    Py_XDECREF(low);
    c->size[source] = count;
    return count < 0 ? -1 : 0;
}

/* Letters of all that is told, at most; lowering a letter may make two. */
static Py_ssize_t letters_told(PyObject *titles, PyObject *description)
{
    Py_ssize_t letters = PyUnicode_GET_LENGTH(description);
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(titles); n++)
        letters += PyUnicode_GET_LENGTH(PyTuple_GET_ITEM(titles, n)) + 1;
    return 2 * letters;
}

static int compare_all(struct sheet *s, struct comparison *c, PyObject *titles, PyObject *description)
{
    c->titles = PyTuple_GET_SIZE(titles);
    c->longest = 2 * PyUnicode_GET_LENGTH(description);
    if (c->longest < (Py_ssize_t)s->facts->longest_title)
        c->longest = (Py_ssize_t)s->facts->longest_title;
    if (begin_lexicon(&c->told, letters_told(titles, description), s->facts->seed) < 0 ||
        begin_lexicon(&c->fresh, 2 * c->longest, s->facts->seed) < 0)
        return -1;
    for (int title = 0; title < c->titles; title++)
        if (learn(c, PyTuple_GET_ITEM(titles, title), title) < 0)
            return -1;
    if (learn(c, description, DESCRIPTION) < 0)
        return -1;
    for (Py_ssize_t n = 0; c->told.used && n < s->count; n++)
        if (s->size[n] <= (double)c->longest && compare_block(s, c, n) < 0)
            return -1;
    return 0;
}

/* Whether each block's beginning stands in the declared body. */
static int look_up_in_body(struct sheet *s, PyObject *body)
{
    s->body_length = PyUnicode_GET_LENGTH(body);
    for (Py_ssize_t n = 0; n < s->count; n++) {
        PyObject *start;
        int found;
        if (!s->body_length) {
            s->in_body[n] = -1;
            continue;
        }
        start = PyUnicode_Substring(s->text[n], 0, LOOKED_UP);
        found = start ? PyUnicode_Contains(body, start) : -1;
        Py_XDECREF(start);
        if (found < 0)
            return -1;
        s->in_body[n] = (float)found;
    }
    return 0;
}

static void find_titles(struct sheet *s)
{
    s->first_title = s->last_title = s->first_h1 = NEVER;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        if (s->likeness[n] >= TITLE_FROM) {
            s->last_title = n;
            if (s->first_title == NEVER)
                s->first_title = n;
        }
        if (s->tags_above[s->holder[n]] & s->facts->h1) {
            s->h1_count++;
            if (s->first_h1 == NEVER)
                s->first_h1 = n;
        }
    }
}

static int are_texts(PyObject *titles, PyObject *description, PyObject *body)
{
    int fits = PyTuple_Check(titles) && PyTuple_GET_SIZE(titles) <= MOST_TITLES && PyUnicode_CheckExact(description) &&
               PyUnicode_CheckExact(body);
    for (Py_ssize_t n = 0; fits && n < PyTuple_GET_SIZE(titles); n++)
        fits = PyUnicode_CheckExact(PyTuple_GET_ITEM(titles, n));
    if (!fits)
        PyErr_Format(PyExc_ValueError, "hints are at most %d titles, a description and a body", MOST_TITLES);
    return fits;
}

int read_head(struct sheet *s, PyObject *titles, PyObject *description, PyObject *body)
{
    struct comparison comparison = {0};
    int failed;
    if (!are_texts(titles, description, body))
        return -1;
    s->likeness = taken(s, s->count, sizeof *s->likeness);
    s->cover = taken(s, s->count, sizeof *s->cover);
    s->described = taken(s, s->count, sizeof *s->described);
    s->in_body = taken(s, s->count, sizeof *s->in_body);
    if (!s->likeness || !s->cover || !s->described || !s->in_body)
        return -1;
    failed = compare_all(s, &comparison, titles, description) < 0 || look_up_in_body(s, body) < 0;
    end_lexicon(&comparison.told);
    end_lexicon(&comparison.fresh);
    if (failed)
        return -1;
    find_titles(s);
    return 0;
}

/* How far behind a spot, which may be nowhere. */
static Py_ssize_t behind(Py_ssize_t n, Py_ssize_t spot) { return spot == NEVER ? -99 : within(n - spot, -60, 300); }

COLUMN(title_likeness, s->likeness[n])
COLUMN(title_cover, s->cover[n])
COLUMN(described, s->described[n])
COLUMN(from_first_title, behind(n, s->first_title))
COLUMN(from_last_title, behind(n, s->last_title))
COLUMN(from_h1, behind(n, s->first_h1))
COLUMN(h1s, s->h1_count)
COLUMN(in_body, s->in_body[n])
COLUMN(body_length, log1p((double)s->body_length))

const struct named_column HEAD_COLUMNS[] = {
    {"title_likeness", title_likeness, 0},
    {"title_cover", title_cover, 0},
    {"described", described, 0},
    {"from_first_title", from_first_title, 0},
    {"from_last_title", from_last_title, 0},
    {"from_h1", from_h1, 0},
    {"h1s", h1s, 0},
    {"in_body", in_body, 0},
    {"body_length", body_length, 0},
    {NULL, NULL, 0},
};
