/* The groups of class names in ASCII: what `vocabulary.name_bits` finds with two expressions and a dictionary. */
#include "names.h"
#include <string.h>

#define LONGEST_WORD 19
#define SLOTS 1024 /* at most three quarters of them filled */
#define STEMS 128
#define LONGEST_STEM 31
#define LETTERS 26
/* Names return on a page and on a site's other pages: the last ones seen, one place per hash. */
#define SEEN 1024
#define LONGEST_SEEN 23

typedef struct {
    uint64_t bits;
    int length;
    char letters[LONGEST_WORD + 1];
} Word;

typedef struct {
    char letters[LONGEST_STEM + 1];
    uint64_t bits;
    int length, next; /* the next stem with the same first letter, -1: none */
} Stem;

typedef struct {
    uint64_t bits;
    unsigned char length;
    char name[LONGEST_SEEN];
} Seen;

struct Lexicon {
    Py_ssize_t most_names, longest_name;
    int word_count, stem_count, first_stem[LETTERS];
    uint32_t second_letters[LETTERS]; /* by the first letter, those that go on as some stem does, as bits */
    Stem stems[STEMS];
    Word words[SLOTS];
    Seen seen[SEEN];
};

static int is_lower(unsigned char letter) { return letter >= 'a' && letter <= 'z'; }
static int is_upper(unsigned char letter) { return letter >= 'A' && letter <= 'Z'; }

/* The slot where a word is, or would be. */
static const Word *slot(const Lexicon *lexicon, const char *letters, int length)
{
    uint32_t mixed = 2166136261u; /* FNV-1a */
    for (int n = 0; n < length; n++)
        mixed = (mixed ^ (unsigned char)letters[n]) * 16777619u;
    for (;; mixed++) {
        const Word *word = &lexicon->words[mixed % SLOTS];
        if (!word->length || (word->length == length && !memcmp(word->letters, letters, (size_t)length)))
            return word;
    }
}

static uint64_t word_bits(const Lexicon *lexicon, const char *letters, Py_ssize_t length)
{
    return length <= LONGEST_WORD ? slot(lexicon, letters, (int)length)->bits : 0;
}

/* Runs of letters as camelCase parts them: `[A-Z]?[a-z]+|[A-Z]+(?![a-z])`; `low` is the same name in small letters. */
static uint64_t words_bits(const Lexicon *lexicon, const unsigned char *name, const char *low, Py_ssize_t length)
{
    uint64_t bits = 0;
    for (Py_ssize_t at = 0, start; at < length;) {
        start = at;
        while (at < length && is_upper(name[at]))
            at++;
        if (at < length && is_lower(name[at])) {
            if (at - start > 1) { /* the last capital begins the next word */
                at--;
            } else
                while (at < length && is_lower(name[at]))
                    at++;
        }
        if (at > start)
            bits |= word_bits(lexicon, low + start, at - start);
        else
            at++;
    }
    return bits;
}

static uint32_t bit_of(char letter) { return (uint32_t)1 << (letter & 31); }

static const Stem *stem_at(const Lexicon *lexicon, const char *low, Py_ssize_t room)
{
    if (room < 2 || !is_lower((unsigned char)*low) || !(lexicon->second_letters[*low - 'a'] & bit_of(low[1])))
        return NULL;
    for (int n = lexicon->first_stem[*low - 'a']; n >= 0; n = lexicon->stems[n].next) {
        const Stem *stem = &lexicon->stems[n];
        if (stem->length <= room && !memcmp(stem->letters, low, (size_t)stem->length))
            return stem;
    }
    return NULL;
}

static uint64_t stems_bits(const Lexicon *lexicon, const char *low, Py_ssize_t length)
{
    uint64_t bits = 0;
    for (Py_ssize_t at = 0; at < length;) {
        const Stem *stem = stem_at(lexicon, low + at, length - at);
        bits |= stem != NULL ? stem->bits : 0;
        at += stem != NULL ? stem->length : 1;
    }
    return bits;
}

static uint64_t one_name(const Lexicon *lexicon, const unsigned char *name, Py_ssize_t length)
{
    char low[LONGEST_NAME];
    if (length > lexicon->longest_name)
        length = lexicon->longest_name;
    for (Py_ssize_t n = 0; n < length; n++)
        low[n] = (char)(is_upper(name[n]) ? name[n] | 0x20 : name[n]);
    return words_bits(lexicon, name, low, length) | stems_bits(lexicon, low, length);
}

static uint64_t one_name_again(Lexicon *lexicon, const unsigned char *name, Py_ssize_t length)
{
    if (length > LONGEST_SEEN)
        return one_name(lexicon, name, length);
    Seen *seen = &lexicon->seen[hash_of(name, length) % SEEN];
    if (seen->length != length || memcmp(seen->name, name, (size_t)length)) {
        seen->bits = one_name(lexicon, name, length);
        seen->length = (unsigned char)length;
        memcpy(seen->name, name, (size_t)length);
    }
    return seen->bits;
}

uint64_t names_bits(Lexicon *lexicon, const unsigned char *names, Py_ssize_t length)
{
    uint64_t bits = 0;
    Py_ssize_t at = 0, count = 0;
    while (count < lexicon->most_names) {
        while (at < length && Py_UNICODE_ISSPACE(names[at]))
            at++;
        if (at == length)
            break;
        Py_ssize_t start = at;
        while (at < length && !Py_UNICODE_ISSPACE(names[at]))
            at++;
        bits |= one_name_again(lexicon, names + start, at - start);
        count++;
    }
    return bits;
}

/* ---------------------------------------------------------------- reading it in */

static int add_word(Lexicon *lexicon, const char *letters, Py_ssize_t length, uint64_t bits)
{
    if (length < 1 || length > LONGEST_WORD || lexicon->word_count >= SLOTS * 3 / 4)
        return 0;
    Word *word = &lexicon->words[slot(lexicon, letters, (int)length) - lexicon->words];
    memcpy(word->letters, letters, (size_t)length);
    word->length = (int)length;
    word->bits = bits;
    lexicon->word_count++;
    return 1;
}

static int add_stem(Lexicon *lexicon, const char *letters, Py_ssize_t length, uint64_t bits)
{
    if (length < 2 || length > LONGEST_STEM || !is_lower((unsigned char)*letters) || lexicon->stem_count >= STEMS)
        return 0;
    lexicon->second_letters[*letters - 'a'] |= bit_of(letters[1]);
    int n = lexicon->stem_count++, *last = &lexicon->first_stem[*letters - 'a'];
    while (*last >= 0)
        last = &lexicon->stems[*last].next;
    *last = n;
    Stem *stem = &lexicon->stems[n];
    memcpy(stem->letters, letters, (size_t)length);
    stem->length = (int)length;
    stem->bits = bits;
    stem->next = -1;
    return 1;
}

typedef int (*Adding)(Lexicon *, const char *, Py_ssize_t, uint64_t);

static int read_pairs(Lexicon *lexicon, PyObject *pairs, Adding add)
{
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(pairs); n++) {
        const char *letters;
        Py_ssize_t length;
        unsigned long long bits;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(pairs, n), "s#K", &letters, &length, &bits))
            return -1;
        if (!add(lexicon, letters, length, bits)) {
            PyErr_Format(PyExc_ValueError, "the lexicon has no room for %s", letters);
            return -1;
        }
    }
    return 0;
}

static void forget(PyObject *capsule) { PyMem_Free(PyCapsule_GetPointer(capsule, LEXICON)); }

/* lexicon(words, stems, most_names, longest_name): both are tuples of pairs of letters and bits; stems that begin alike
   stand in the order in which they are tried. */
PyObject *lexicon(PyObject *module, PyObject *args)
{
    PyObject *words, *stems, *capsule = NULL;
    Lexicon *made = PyMem_Calloc(1, sizeof *made);
    (void)module;
    if (made == NULL)
        return PyErr_NoMemory();
    memset(made->first_stem, -1, sizeof made->first_stem);
    int is_read = PyArg_ParseTuple(args, "O!O!nn", &PyTuple_Type, &words, &PyTuple_Type, &stems, &made->most_names,
                                   &made->longest_name);
    if (is_read && made->longest_name > LONGEST_NAME) {
        PyErr_Format(PyExc_ValueError, "names are read up to %d letters", LONGEST_NAME);
        is_read = 0;
    }
    if (is_read && read_pairs(made, words, add_word) == 0 && read_pairs(made, stems, add_stem) == 0)
        capsule = PyCapsule_New(made, LEXICON, forget);
    if (capsule == NULL)
        PyMem_Free(made);
    return capsule;
}
