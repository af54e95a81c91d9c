/* The tables and numbers of features.py, read once from the dictionary that it hands over. */
#include "facts.h"
#include <stddef.h>

struct place {
    const char *name;
    size_t offset;
};

#define PLACE(member) {#member, offsetof(struct facts, member)}

static const struct place NUMBERS[] = {
    PLACE(good_length), PLACE(most_weight), PLACE(wide_char), PLACE(most_linked), PLACE(most_text), PLACE(most_blocks),
    PLACE(span_cost), PLACE(longest_title), {"words_scale", offsetof(struct facts, wording.words_scale)},
    {"names_scale", offsetof(struct facts, wording.names_scale)},
    {"words_bias", offsetof(struct facts, wording.words_bias)},
    {"names_bias", offsetof(struct facts, wording.names_bias)}, {NULL, 0},
};
static const struct place BITS[] = {
    PLACE(against_names), PLACE(against_tags), PLACE(for_body), PLACE(headings), PLACE(h1), PLACE(hidden),
    PLACE(article), PLACE(main), {"says_related", offsetof(struct facts, since[SINCE_RELATED])},
    {"says_sign_up", offsetof(struct facts, since[SINCE_SIGN_UP])},
    {"says_comments", offsetof(struct facts, since[SINCE_COMMENTS])},
    {"says_bio", offsetof(struct facts, since[SINCE_BIO])}, {NULL, 0},
};
static const struct place TUPLES[] = {
    PLACE(groups), PLACE(place_tags), PLACE(prompt_groups), PLACE(shared), PLACE(at_heading), {NULL, 0},
};
static const struct place OTHERS[] = {
    PLACE(tag_numbers), PLACE(prompts), PLACE(scored_words), PLACE(scored_names), {NULL, 0},
};

/* A fact by name, borrowed; NULL with an error set. */
static PyObject *fact(PyObject *given, const char *name)
{
    PyObject *value = PyDict_GetItemString(given, name);
    if (!value)
        PyErr_Format(PyExc_KeyError, "no fact is named %s", name);
    return value;
}

static int read_numbers(struct facts *facts, PyObject *given)
{
    for (const struct place *place = NUMBERS; place->name; place++) {
        PyObject *value = fact(given, place->name);
        double *to = (double *)((char *)facts + place->offset);
        if (!value || ((*to = PyFloat_AsDouble(value)) == -1 && PyErr_Occurred()))
            return -1;
    }
    for (const struct place *place = BITS; place->name; place++) {
        PyObject *value = fact(given, place->name);
        int64_t *to = (int64_t *)((char *)facts + place->offset);
        if (!value || ((*to = PyLong_AsLongLong(value)) == -1 && PyErr_Occurred()))
            return -1;
    }
    return 0;
}

static int keep(struct facts *facts, PyObject *given, const struct place *places, int are_tuples)
{
    for (const struct place *place = places; place->name; place++) {
        PyObject *value = fact(given, place->name);
        if (!value)
            return -1;
        if (are_tuples && !PyTuple_Check(value)) {
            PyErr_Format(PyExc_TypeError, "%s is not a tuple", place->name);
            return -1;
        }
        *(PyObject **)((char *)facts + place->offset) = Py_NewRef(value);
    }
    return 0;
}

static int read_kinds(struct facts *facts, PyObject *given)
{
    PyObject *value = fact(given, "kinds");
    Py_buffer kinds;
    int fits;
    if (!value || PyObject_GetBuffer(value, &kinds, PyBUF_SIMPLE) < 0)
        return -1;
    fits = kinds.len == PLANE;
    for (Py_ssize_t n = 0; fits && n < PLANE; n++) {
        facts->kind_of[n] = ((const unsigned char *)kinds.buf)[n];
        fits = facts->kind_of[n] < KIND_COUNT;
    }
    PyBuffer_Release(&kinds);
    if (!fits)
        PyErr_SetString(PyExc_ValueError, "kinds are not one of ten for each code point of the basic plane");
    return fits ? 0 : -1;
}

static int read_wording(struct facts *facts)
{
    if (!PyBytes_Check(facts->scored_words) || !PyBytes_Check(facts->scored_names) ||
        PyBytes_GET_SIZE(facts->scored_words) != 1 << WORDING_BITS ||
        PyBytes_GET_SIZE(facts->scored_names) != 1 << WORDING_BITS) {
        PyErr_SetString(PyExc_ValueError, "the scored words and names are not tables of the right size");
        return -1;
    }
    facts->wording.words = (const int8_t *)PyBytes_AS_STRING(facts->scored_words);
    facts->wording.names = (const int8_t *)PyBytes_AS_STRING(facts->scored_names);
    return 0;
}

/* A number that no page can foresee: the hash of a text is salted in each process. */
static int choose_seed(struct facts *facts)
{
    PyObject *text = PyUnicode_FromString("the seed of a page's tables");
    if (!text)
        return -1;
    facts->seed = mixed((uint64_t)PyObject_Hash(text));
    Py_DECREF(text);
    return 0;
}

int read_facts(struct facts *facts, PyObject *given)
{
    if (read_numbers(facts, given) < 0 || keep(facts, given, TUPLES, 1) < 0 || keep(facts, given, OTHERS, 0) < 0)
        return -1;
    if (!PyDict_Check(facts->tag_numbers) || !prompts_in(facts->prompts)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "tag_numbers is not a dictionary");
        return -1;
    }
    return read_kinds(facts, given) < 0 || read_wording(facts) < 0 || choose_seed(facts) < 0 ? -1 : 0;
}

void forget_facts(struct facts *facts)
{
    for (const struct place *place = TUPLES; place->name; place++)
        Py_CLEAR(*(PyObject **)((char *)facts + place->offset));
    for (const struct place *place = OTHERS; place->name; place++)
        Py_CLEAR(*(PyObject **)((char *)facts + place->offset));
}
