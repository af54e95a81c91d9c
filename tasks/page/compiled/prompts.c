/* Phrases that begin a line: prompts.prompt_bits, and the columns made of it (features._prompts). */
#include "native.h"
#include "sheet.h"

#define NAME "wirehouse.prompts"
/* Characters of a line that are looked at (prompts._START); lowering may double them. */
#define START 60
/* Scripts from here on have no spaced words (prompts._goes_on). */
#define UNSPACED 0x0E00
/* Lines shorter than this may open a section (features._prompts). */
#define SHORT 100
#define MOST_SINCE 100

struct phrase {
    Py_ssize_t start;
    int size, ends_in_letter;
    int64_t bits;
};

struct key {
    uint64_t letters; /* the first two; 0: free slot */
    int32_t first, count;
};

struct prompts {
    Py_UCS4 *letters, *stripped;
    struct phrase *phrases;
    struct key *keys;
    Py_ssize_t stripped_count;
    uint64_t mask;
};

static uint64_t key_of(const Py_UCS4 *letters, Py_ssize_t size)
{
    return (uint64_t)letters[0] << 32 | (size > 1 ? letters[1] : UINT32_MAX);
}

static struct key *slot_of(const struct prompts *prompts, uint64_t letters)
{
    for (uint64_t at = mixed(letters);; at++) {
        struct key *key = &prompts->keys[at & prompts->mask];
        if (!key->letters || key->letters == letters)
            return key;
    }
}

static int is_stripped(const struct prompts *prompts, Py_UCS4 code)
{
    for (Py_ssize_t n = 0; n < prompts->stripped_count; n++)
        if (prompts->stripped[n] == code)
            return 1;
    return 0;
}

static int begins_with(const Py_UCS4 *line, Py_ssize_t size, const Py_UCS4 *letters, const struct phrase *phrase)
{
    if (phrase->size > size || memcmp(line, letters + phrase->start, (size_t)phrase->size * sizeof *line))
        return 0;
    if (!phrase->ends_in_letter || phrase->size == size)
        return 1;
    return !(line[phrase->size] < UNSPACED && Py_UNICODE_ISALNUM(line[phrase->size]));
}

static void match_line(const struct prompts *prompts, const struct key *key, const Py_UCS4 *line, Py_ssize_t size,
                       int64_t *bits, Py_ssize_t *length)
{
    for (int32_t n = key->first; n < key->first + key->count; n++)
        if (begins_with(line, size, prompts->letters, &prompts->phrases[n])) {
            *bits = prompts->phrases[n].bits;
            *length = prompts->phrases[n].size;
            return;
        }
}

/* The line's start with Python's own lowering, for letters that depend on their place. */
static int match_rare(const struct prompts *prompts, PyObject *text, int64_t *bits, Py_ssize_t *length)
{
    PyObject *start = PyUnicode_Substring(text, 0, START);
    PyObject *low = start ? PyObject_CallMethod(start, "lower", NULL) : NULL;
    Py_UCS4 *line = low ? PyUnicode_AsUCS4Copy(low) : NULL;
    if (line) {
        Py_ssize_t from = 0, size = PyUnicode_GET_LENGTH(low);
        while (from < size && is_stripped(prompts, line[from]))
            from++;
        if (from < size)
            match_line(prompts, slot_of(prompts, key_of(line + from, size - from)), line + from, size - from, bits,
                       length);
    }
    PyMem_Free(line);
    Py_XDECREF(low);
    Py_XDECREF(start);
    return line ? 0 : -1;
}

static int is_rare(Py_UCS4 code) { return code == RARE_CAPITAL_I || code == RARE_SIGMA; }

int match_prompt(const struct prompts *prompts, PyObject *text, int64_t *bits, Py_ssize_t *length)
{
    Py_UCS4 line[START];
    const struct key *key;
    int kind = PyUnicode_KIND(text);
    const void *codes = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), from = 0;
    line[0] = line[1] = 0;
    *bits = *length = 0;
    size = size < START ? size : START;
    while (from < size && is_stripped(prompts, PyUnicode_READ(kind, codes, from)))
        from++;
    if (from == size)
        return 0;
    /* Most lines end here: no phrase begins with their first two letters. */
    for (Py_ssize_t n = from; n < size && n < from + 2; n++) {
        Py_UCS4 code = PyUnicode_READ(kind, codes, n);
        if (is_rare(code))
            return match_rare(prompts, text, bits, length);
        line[n - from] = lowered(code);
    }
    key = slot_of(prompts, key_of(line, size - from));
    if (!key->letters)
        return 0;
    for (Py_ssize_t n = from + 2; n < size; n++) {
        Py_UCS4 code = PyUnicode_READ(kind, codes, n);
        if (is_rare(code))
            return match_rare(prompts, text, bits, length);
        line[n - from] = lowered(code);
    }
    match_line(prompts, key, line, size - from, bits, length);
    return 0;
}

static void free_prompts(struct prompts *prompts)
{
    PyMem_Free(prompts->letters);
    PyMem_Free(prompts->stripped);
    PyMem_Free(prompts->phrases);
    PyMem_Free(prompts->keys);
    PyMem_Free(prompts);
}

static void forget_prompts(PyObject *capsule) { free_prompts(PyCapsule_GetPointer(capsule, NAME)); }

const struct prompts *prompts_in(PyObject *capsule) { return PyCapsule_GetPointer(capsule, NAME); }

/* One phrase behind those that are there; -1 with an error set. */
static int add_phrase(struct prompts *prompts, PyObject *pair, Py_ssize_t *phrases, Py_ssize_t *letters)
{
    PyObject *text;
    long long bits;
    struct phrase *phrase = &prompts->phrases[*phrases];
    struct key *key;
    if (!PyArg_ParseTuple(pair, "UL", &text, &bits))
        return -1;
    phrase->start = *letters;
    phrase->size = (int)PyUnicode_GET_LENGTH(text);
    phrase->bits = bits;
    if (!phrase->size) {
        PyErr_SetString(PyExc_ValueError, "a phrase without letters");
        return -1;
    }
    if (!PyUnicode_AsUCS4(text, prompts->letters + *letters, phrase->size, 0))
        return -1;
    phrase->ends_in_letter = Py_UNICODE_ISALNUM(prompts->letters[*letters + phrase->size - 1]);
    key = slot_of(prompts, key_of(prompts->letters + *letters, phrase->size));
    if (!key->count) {
        key->letters = key_of(prompts->letters + *letters, phrase->size);
        key->first = (int32_t)*phrases;
    }
    key->count++;
    *letters += phrase->size;
    ++*phrases;
    return 0;
}

/* Sizes of what is to be kept: -1 with an error set where it is no table of phrases. */
static int measure(PyObject *table, Py_ssize_t *phrases, Py_ssize_t *letters)
{
    PyObject *key, *group;
    Py_ssize_t at = 0;
    while (PyDict_Next(table, &at, &key, &group)) {
        if (!PyTuple_Check(group)) {
            PyErr_SetString(PyExc_TypeError, "phrases of one beginning are a tuple");
            return -1;
        }
        for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(group); n++, ++*phrases) {
            PyObject *pair = PyTuple_GET_ITEM(group, n);
            if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2 || !PyUnicode_Check(PyTuple_GET_ITEM(pair, 0))) {
                PyErr_SetString(PyExc_TypeError, "a phrase is a text and its bits");
                return -1;
            }
            *letters += PyUnicode_GET_LENGTH(PyTuple_GET_ITEM(pair, 0));
        }
    }
    return 0;
}

static int fill_prompts(struct prompts *prompts, PyObject *table, PyObject *stripped)
{
    PyObject *key, *group;
    Py_ssize_t at = 0, phrases = 0, letters = 0;
    uint64_t slots = 64;
    if (measure(table, &phrases, &letters) < 0)
        return -1;
    while (slots < 4 * (uint64_t)PyDict_GET_SIZE(table))
        slots *= 2;
    prompts->mask = slots - 1;
    prompts->keys = PyMem_Calloc(slots, sizeof *prompts->keys);
    prompts->phrases = PyMem_Calloc((size_t)phrases + 1, sizeof *prompts->phrases);
    prompts->letters = PyMem_Calloc((size_t)letters + 1, sizeof *prompts->letters);
    prompts->stripped = PyUnicode_AsUCS4Copy(stripped);
    prompts->stripped_count = PyUnicode_GET_LENGTH(stripped);
    if (!prompts->keys || !prompts->phrases || !prompts->letters || !prompts->stripped) {
        PyErr_NoMemory();
        return -1;
    }
    phrases = letters = 0;
    while (PyDict_Next(table, &at, &key, &group))
        for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(group); n++)
            if (add_phrase(prompts, PyTuple_GET_ITEM(group, n), &phrases, &letters) < 0)
                return -1;
    return 0;
}

/* prompts(table, stripped): `prompts._PHRASES` and the characters before a line's words, made ready for look-ups. */
PyObject *prompts(PyObject *module, PyObject *args)
{
    PyObject *table, *stripped, *capsule;
    struct prompts *made;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!U", &PyDict_Type, &table, &stripped))
        return NULL;
    learn_letters();
    made = PyMem_Calloc(1, sizeof *made);
    if (!made)
        return PyErr_NoMemory();
    capsule = fill_prompts(made, table, stripped) < 0 ? NULL : PyCapsule_New(made, NAME, forget_prompts);
    if (!capsule)
        free_prompts(made);
    return capsule;
}

/* prompt_bits(prompts, text): as prompts.prompt_bits. */
PyObject *prompt_bits(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    int64_t bits;
    Py_ssize_t length;
    const struct prompts *made;
    (void)module;
    if (count != 2 || !PyUnicode_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "prompt_bits takes prompts and a text");
        return NULL;
    }
    made = prompts_in(args[0]);
    if (!made || match_prompt(made, args[1], &bits, &length) < 0)
        return NULL;
    return Py_BuildValue("Ln", (long long)bits, length);
}

int read_prompts(struct sheet *s)
{
    const struct prompts *made = prompts_in(s->facts->prompts);
    s->says = taken(s, s->count, sizeof *s->says);
    s->says_length = taken(s, s->count, sizeof *s->says_length);
    if (!made || !s->says || !s->says_length)
        return -1;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        Py_ssize_t length;
        if (match_prompt(made, s->text[n], &s->says[n], &length) < 0)
            return -1;
        s->says_length[n] = (float)length;
    }
    return 0;
}

COLUMN(says_share, s->says_length[n] / at_least_1(s->length[n]))

/* Blocks since the last short line of a group. */
static void since(const struct sheet *s, int argument, float *out)
{
    Py_ssize_t last = NEVER;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        if (s->says[n] & s->facts->since[argument] && s->length[n] < SHORT)
            last = n;
        out[n] = last == NEVER ? MOST_SINCE + 1 : (float)within(n - last, 0, MOST_SINCE);
    }
}

const struct named_column PROMPT_COLUMNS[] = {
    {"says_share", says_share, 0},
    {"since_related", since, SINCE_RELATED},
    {"since_sign_up", since, SINCE_SIGN_UP},
    {"since_comments", since, SINCE_COMMENTS},
    {"since_bio", since, SINCE_BIO},
    {NULL, NULL, 0},
};
