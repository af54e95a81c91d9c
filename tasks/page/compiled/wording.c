/* The learned weights of the words in a text and of the names around it: what wording.py does with arrays. */
#include "sheet.h"
#include <math.h>
#include <string.h>

/* Kinds of tokens and how they are mixed: wording.py's, in its order. */
enum { COUNTED = 1, WORD, PAIR, FIRST, FIRST_PAIR, LAST, WHOLE };
enum { OWN = 11, PARENT, FARTHER, ANY };
#define ONE UINT32_C(0x9E3779B1)
#define OTHER_ONE UINT32_C(0x85EBCA77)
#define KIND UINT32_C(0xC2B2AE3D)
#define WHOLE_STEP 31
#define MOST_CHARS 1000
#define MOST_WORDS 60
#define MOST_NAMES 20
#define LONGEST_NAME 60
#define LEVELS 6
#define SHORT_TEXT 4
#define MOST_COUNTED 12

/* ---------------------------------------------------------------- CRC-32, as zlib computes it */

static uint32_t CRC[256];

static void learn_crc(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = rest & 1 ? rest >> 1 ^ UINT32_C(0xEDB88320) : rest >> 1;
        CRC[byte] = rest;
    }
}

static inline uint32_t crc_step(uint32_t crc, unsigned char byte) { return CRC[(crc ^ byte) & 0xFF] ^ crc >> 8; }
#define CRC_START UINT32_C(0xFFFFFFFF)
#define CRC_END(crc) (~(crc))

/* ---------------------------------------------------------------- sums of weights */

struct sum {
    int32_t total, known, count;
};
#define UNKNOWN (-128)

static inline int weight(const int8_t *table, uint32_t kind, uint32_t one, uint32_t other)
{
    return table[(one * ONE + other * OTHER_ONE + kind * KIND) >> (32 - WORDING_BITS)];
}

static inline void add(struct sum *sum, const int8_t *table, uint32_t kind, uint32_t one, uint32_t other)
{
    int found = weight(table, kind, one, other);
    sum->count++;
    if (found == UNKNOWN)
        return;
    sum->total += found;
    sum->known++;
}

static inline float score(struct sum sum, double scale, double bias)
{
    return (float)(sum.total * scale / sqrt(sum.known > 1 ? sum.known : 1) + bias);
}

static inline float known_share(struct sum sum)
{
    return (float)((double)sum.known / (sum.count > 1 ? sum.count : 1));
}

/* ---------------------------------------------------------------- the words of a text */

/* Bytes that stand in words of a script with spaces: digits, small letters, "_" and all of UTF-8's others but the
   first bytes of U+3000 to U+9FFF. */
static inline int is_word_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c >= 0x80 && !(c >= 0xE3 && c <= 0xE9));
}

/* Bytes of a parting sign at `at`: general or CJK punctuation, a Latin-1 sign; 0 where there is none. */
static inline Py_ssize_t parting(const unsigned char *at, Py_ssize_t left)
{
    if (left > 2 && ((at[0] == 0xE2 && (at[1] == 0x80 || at[1] == 0x81)) || (at[0] == 0xE3 && at[1] == 0x80)))
        return 3;
    return left > 1 && at[0] == 0xC2 && at[1] >= 0xA0 && at[1] <= 0xBF ? 2 : 0;
}

static inline unsigned char digits_as_one(unsigned char c) { return c >= '1' && c <= '9' ? '0' : c; }

/* The hashes of the first words of lowered UTF-8. */
static int words_of(const unsigned char *bytes, Py_ssize_t size, uint32_t *words)
{
    int count = 0, is_open = 0;
    uint32_t crc = CRC_START;
    for (Py_ssize_t n = 0; n < size && count < MOST_WORDS;) {
        unsigned char c = bytes[n];
        Py_ssize_t part = c >= 0xC2 ? parting(bytes + n, size - n) : 0;
        int is_wide = !part && c >= 0xE3 && c <= 0xE9 && size - n > 2;
        if (!part && !is_wide && is_word_byte(c)) {
            crc = crc_step(crc, digits_as_one(c));
            is_open = 1;
            n++;
            continue;
        }
        if (is_open)
            words[count++] = CRC_END(crc);
        is_open = 0;
        crc = CRC_START;
        if (is_wide && count < MOST_WORDS)
            words[count++] = CRC_END(crc_step(crc_step(crc_step(crc, c), bytes[n + 1]), bytes[n + 2]));
        n += part ? part : is_wide ? 3 : 1;
    }
    if (is_open && count < MOST_WORDS)
        words[count++] = CRC_END(crc);
    return count;
}

static struct sum sum_of_words(const int8_t *table, const uint32_t *words, int count)
{
    struct sum sum = {0, 0, 0};
    uint32_t whole = 0;
    add(&sum, table, COUNTED, (uint32_t)(count < MOST_COUNTED ? count : MOST_COUNTED), 0);
    if (!count)
        return sum;
    for (int n = 0; n < count; n++)
        add(&sum, table, WORD, words[n], 0);
    for (int n = 1; n < count; n++)
        add(&sum, table, PAIR, words[n - 1], words[n]);
    add(&sum, table, FIRST, words[0], 0);
    add(&sum, table, LAST, words[count - 1], 0);
    if (count > 1)
        add(&sum, table, FIRST_PAIR, words[0], words[1]);
    if (count > SHORT_TEXT)
        return sum;
    for (int n = 0; n < count; n++)
        whole = whole * WHOLE_STEP + words[n];
    add(&sum, table, WHOLE, whole, 0);
    return sum;
}

/* The words of an ASCII text, which needs no call of Python's. */
static int words_of_ascii(PyObject *text, uint32_t *words)
{
    unsigned char lower[MOST_CHARS];
    const unsigned char *at = PyUnicode_1BYTE_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    size = size < MOST_CHARS ? size : MOST_CHARS;
    for (Py_ssize_t n = 0; n < size; n++)
        lower[n] = at[n] >= 'A' && at[n] <= 'Z' ? at[n] + 32 : at[n];
    return words_of(lower, size, words);
}

/* The words of any text; -1 with an error set. */
static int words_of_any(PyObject *text, uint32_t *words)
{
    PyObject *start, *lower = NULL, *bytes = NULL;
    int count = -1;
    if (PyUnicode_IS_ASCII(text))
        return words_of_ascii(text, words);
    start = PyUnicode_Substring(text, 0, MOST_CHARS);
    if (start)
        lower = PyObject_CallMethod(start, "lower", NULL);
    if (lower)
        bytes = PyUnicode_AsEncodedString(lower, "utf-8", "surrogatepass");
    if (bytes)
        count = words_of((const unsigned char *)PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), words);
    Py_XDECREF(start);
    Py_XDECREF(lower);
    Py_XDECREF(bytes);
    return count;
}

static int score_texts(struct sheet *s)
{
    const struct wording *w = &s->facts->wording;
    uint32_t words[MOST_WORDS];
    for (Py_ssize_t n = 0; n < s->count; n++) {
        int count = words_of_any(s->text[n], words);
        struct sum sum;
        if (count < 0)
            return -1;
        sum = sum_of_words(w->words, words, count);
        s->word_score[n] = score(sum, w->words_scale, w->words_bias);
        s->word_known[n] = known_share(sum);
    }
    return 0;
}

/* ---------------------------------------------------------------- the names of elements */

/* An element's weights as the block's own holder, as its parent, farther out; each with those of any place. */
enum { AS_OWN, AS_PARENT, AS_FARTHER, ROLES };
struct named {
    struct sum as[ROLES];
};

static inline void add_name(struct named *named, const int8_t *table, uint32_t hash)
{
    for (int role = 0; role < ROLES; role++) {
        add(named->as + role, table, (uint32_t)(OWN + role), hash, 0);
        add(named->as + role, table, ANY, hash, 0);
    }
}

static inline int is_small(unsigned char c) { return c >= 'a' && c <= 'z'; }
static inline int is_capital(unsigned char c) { return c >= 'A' && c <= 'Z'; }

/* The parts of a name: small letters with a capital before them, or capitals. */
static void add_parts(struct named *named, const int8_t *table, const unsigned char *name, Py_ssize_t size)
{
    for (Py_ssize_t n = 0; n < size;) {
        uint32_t crc = CRC_START;
        int is_run_of_capitals = is_capital(name[n]) && !(n + 1 < size && is_small(name[n + 1]));
        if (!is_capital(name[n]) && !is_small(name[n])) {
            n++;
            continue;
        }
        do
            crc = crc_step(crc, name[n] | 32);
        while (++n < size && (is_run_of_capitals ? is_capital(name[n]) : is_small(name[n])));
        add_name(named, table, CRC_END(crc));
    }
}

static void add_whole(struct named *named, const int8_t *table, const unsigned char *name, Py_ssize_t size)
{
    uint32_t crc = crc_step(CRC_START, '.');
    for (Py_ssize_t n = 0; n < size; n++)
        crc = crc_step(crc, is_capital(name[n]) ? name[n] + 32 : digits_as_one(name[n]));
    add_name(named, table, CRC_END(crc));
}

/* White space as bytes.split sees it. */
static inline int is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static void add_names(struct named *named, const int8_t *table, const unsigned char *names, Py_ssize_t size)
{
    Py_ssize_t n = 0;
    for (int count = 0; count < MOST_NAMES; count++) {
        Py_ssize_t start, length;
        while (n < size && is_space(names[n]))
            n++;
        if (n == size)
            return;
        start = n;
        while (n < size && !is_space(names[n]))
            n++;
        length = n - start < LONGEST_NAME ? n - start : LONGEST_NAME;
        add_whole(named, table, names + start, length);
        add_parts(named, table, names + start, length);
    }
}

/* UTF-8 of a name and, where it has none (lone surrogates), bytes to give back. */
static const char *bytes_of(PyObject *text, Py_ssize_t *size, PyObject **owned)
{
    *owned = NULL;
    *size = 0;
    if (text == Py_None)
        return "";
    if (PyUnicode_IS_ASCII(text)) {
        *size = PyUnicode_GET_LENGTH(text);
        return (const char *)PyUnicode_1BYTE_DATA(text);
    }
    *owned = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (!*owned)
        return NULL;
    *size = PyBytes_GET_SIZE(*owned);
    return PyBytes_AS_STRING(*owned);
}

static int read_names(struct named *named, const int8_t *table, PyObject *holder)
{
    PyObject *owned;
    Py_ssize_t size;
    uint32_t crc = crc_step(CRC_START, '<');
    const char *bytes = bytes_of(PyTuple_GET_ITEM(holder, 2), &size, &owned);
    if (!bytes)
        return -1;
    for (Py_ssize_t n = 0; n < size; n++)
        crc = crc_step(crc, (unsigned char)bytes[n]);
    Py_XDECREF(owned);
    add_name(named, table, CRC_END(crc));
    bytes = bytes_of(PyTuple_GET_ITEM(holder, 3), &size, &owned);
    if (!bytes)
        return -1;
    add_names(named, table, (const unsigned char *)bytes, size);
    Py_XDECREF(owned);
    return 0;
}

/* The sum of a holder; names are read when first asked for. */
static int sum_of_names(struct sheet *s, PyObject *holders, struct named *named, int32_t at, struct sum *sum)
{
    for (int level = 0; level < LEVELS; level++, at = s->parent[at]) {
        struct named *here = named + at;
        const struct sum *as = here->as + (level < AS_FARTHER ? level : AS_FARTHER);
        if (!as->count && read_names(here, s->facts->wording.names, PyList_GET_ITEM(holders, at)) < 0)
            return -1;
        sum->total += as->total;
        sum->known += as->known;
        sum->count += as->count;
        if (!at)
            break;
    }
    return 0;
}

static int score_names(struct sheet *s, PyObject *holders)
{
    const struct wording *w = &s->facts->wording;
    struct named *named = taken(s, s->holder_count, sizeof *named);
    if (!named)
        return -1;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        struct sum sum = {0, 0, 0};
        if (n && s->holder[n] == s->holder[n - 1]) {
            s->name_score[n] = s->name_score[n - 1];
            s->name_known[n] = s->name_known[n - 1];
            continue;
        }
        if (sum_of_names(s, holders, named, s->holder[n], &sum) < 0)
            return -1;
        s->name_score[n] = score(sum, w->names_scale, w->names_bias);
        s->name_known[n] = known_share(sum);
    }
    return 0;
}

/* ---------------------------------------------------------------- columns */

static int room_for_scores(struct sheet *s)
{
    return (s->word_score = taken(s, s->count, sizeof *s->word_score)) &&
           (s->name_score = taken(s, s->count, sizeof *s->name_score)) &&
           (s->word_known = taken(s, s->count, sizeof *s->word_known)) &&
           (s->name_known = taken(s, s->count, sizeof *s->name_known)) &&
           (s->word_score_before = taken(s, s->count + 1, sizeof *s->word_score_before)) &&
           (s->name_score_before = taken(s, s->count + 1, sizeof *s->name_score_before)) &&
           (s->in_word_score = taken(s, s->holder_count, sizeof *s->in_word_score)) &&
           (s->in_name_score = taken(s, s->holder_count, sizeof *s->in_name_score));
}

/* Sums over the blocks before each, and over the blocks inside each holder, weighed by length. */
static int add_up(struct sheet *s, const float *scores, double *before, float *inside)
{
    double *weighed = PyMem_Malloc((size_t)(s->count + 1) * sizeof *weighed);
    if (!weighed) {
        PyErr_NoMemory();
        return -1;
    }
    weighed[0] = before[0] = 0;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        before[n + 1] = before[n] + scores[n];
        weighed[n + 1] = weighed[n] + scores[n] * s->length[n];
    }
    for (Py_ssize_t at = 0; at < s->holder_count; at++)
        inside[at] = s->first[at] < s->last[at] ? (float)(weighed[s->last[at]] - weighed[s->first[at]]) : 0;
    PyMem_Free(weighed);
    return 0;
}

int read_scores(struct sheet *s, PyObject *holders)
{
    if (!CRC[1])
        learn_crc();
    if (!room_for_scores(s) || score_texts(s) < 0 || score_names(s, holders) < 0 ||
        add_up(s, s->word_score, s->word_score_before, s->in_word_score) < 0)
        return -1;
    return add_up(s, s->name_score, s->name_score_before, s->in_name_score);
}

/* Blocks on either side whose scores are averaged: features._SCORES_AROUND. */
#define AROUND 6
#define LOW within(n - AROUND, 0, s->count)
#define HIGH within(n + AROUND + 1, 0, s->count)
COLUMN(word_score, s->word_score[n])
COLUMN(name_score, s->name_score[n])
COLUMN(word_known, s->word_known[n])
COLUMN(name_known, s->name_known[n])
COLUMN(word_score_around, (s->word_score_before[HIGH] - s->word_score_before[LOW]) / (double)(HIGH - LOW))
COLUMN(name_score_around, (s->name_score_before[HIGH] - s->name_score_before[LOW]) / (double)(HIGH - LOW))
COLUMN(word_score_page, s->word_score_before[s->count] / (double)s->count)
COLUMN(name_score_page, s->name_score_before[s->count] / (double)s->count)

static void word_known_page(const struct sheet *s, int argument, float *out)
{
    double sum = 0;
    (void)argument;
    for (Py_ssize_t n = 0; n < s->count; n++)
        sum += s->word_known[n];
    for (Py_ssize_t n = 0; n < s->count; n++)
        out[n] = (float)(sum / (double)s->count);
}

static int32_t above(const struct sheet *s, Py_ssize_t n, int levels)
{
    int32_t at = s->holder[n];
    while (levels--)
        at = s->parent[at];
    return at;
}

COLUMN(in_word_score, s->in_word_score[above(s, n, argument)] / at_least_1(s->in_text[above(s, n, argument)]))
COLUMN(in_name_score, s->in_name_score[above(s, n, argument)] / at_least_1(s->in_text[above(s, n, argument)]))

const struct named_column SCORE_COLUMNS[] = {
    {"word_score", word_score, 0},
    {"word_known", word_known, 0},
    {"word_known_page", word_known_page, 0},
    {"name_known", name_known, 0},
    {"word_score_around", word_score_around, 0},
    {"word_score_page", word_score_page, 0},
    {"own_word_score", in_word_score, 0},
    {"parent_word_score", in_word_score, 1},
    {"grand_word_score", in_word_score, 2},
    {"third_word_score", in_word_score, 3},
    {"name_score", name_score, 0},
    {"name_score_around", name_score_around, 0},
    {"name_score_page", name_score_page, 0},
    {"own_name_score", in_name_score, 0},
    {"parent_name_score", in_name_score, 1},
    {"grand_name_score", in_name_score, 2},
    {"third_name_score", in_name_score, 3},
    {NULL, NULL, 0},
};
