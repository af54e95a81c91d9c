/* Why blocks were left out: what reasons.reasons does for each block that is not kept. */
#include "native.h"
#include "sheet.h"

/* A bit and the reason that it gives, strongest first. */
#define MOST_REASONS 32
struct ranking {
    Py_ssize_t count;
    int64_t bit[MOST_REASONS];
    PyObject *reason[MOST_REASONS]; /* borrowed from the tables */
};

struct evidence {
    /* reasons._TABLES */
    struct ranking tags, groups, phrases;
    const struct prompts *prompts;
    Py_ssize_t longest_line, shortest_standfirst;
    PyObject *duplicate, *title, *standfirst, *classifier, *outside;
    /* the page */
    PyObject *holders, *blocks, *body, *titles, *lengths, *description;
    Py_ssize_t first, last; /* kept blocks */
};

static int read_ranking(PyObject *pairs, struct ranking *ranking)
{
    if (!PyTuple_Check(pairs) || PyTuple_GET_SIZE(pairs) > MOST_REASONS) {
        PyErr_Format(PyExc_ValueError, "at most %d pairs of a bit and a reason are ranked", MOST_REASONS);
        return -1;
    }
    ranking->count = PyTuple_GET_SIZE(pairs);
    for (Py_ssize_t n = 0; n < ranking->count; n++) {
        long long bit;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(pairs, n), "LO", &bit, &ranking->reason[n]))
            return -1;
        ranking->bit[n] = bit;
    }
    return 0;
}

static PyObject *strongest(const struct ranking *ranking, int64_t bits)
{
    for (Py_ssize_t n = 0; bits && n < ranking->count; n++)
        if (bits & ranking->bit[n])
            return ranking->reason[n];
    return NULL;
}

/* Whether the case-folded text is in a set or a text; -1 with an error set. */
static int is_folded_in(PyObject *text, PyObject *whole)
{
    PyObject *folded = PyObject_CallMethod(text, "casefold", NULL);
    int found = folded ? PySequence_Contains(whole, folded) : -1;
    Py_XDECREF(folded);
    return found;
}

static int is_length_of_title(const struct evidence *e, Py_ssize_t length)
{
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(e->lengths); n++)
        if (PyLong_AsSsize_t(PyTuple_GET_ITEM(e->lengths, n)) == length)
            return 1;
    return 0;
}

/* 1 where a reason is found, 0 where none is, -1 with an error set. */
static int said_by_head(const struct evidence *e, PyObject *text, PyObject **reason)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int found = PySet_Contains(e->body, text);
    *reason = e->duplicate;
    if (found)
        return found;
    if (is_length_of_title(e, length)) {
        found = is_folded_in(text, e->titles);
        *reason = e->title;
        if (found)
            return found;
    }
    *reason = e->standfirst;
    return length > e->shortest_standfirst && length <= PyUnicode_GET_LENGTH(e->description)
               ? is_folded_in(text, e->description)
               : 0;
}

static int said_by_words(const struct evidence *e, PyObject *text, PyObject **reason)
{
    int64_t bits;
    Py_ssize_t length;
    if (PyUnicode_GET_LENGTH(text) > e->longest_line)
        return 0;
    if (match_prompt(e->prompts, text, &bits, &length) < 0)
        return -1;
    *reason = strongest(&e->phrases, bits);
    return *reason != NULL;
}

static int64_t bits_at(PyObject *row, Py_ssize_t at) { return PyLong_AsLongLong(PyTuple_GET_ITEM(row, at)); }

static int said_by_names(const struct evidence *e, PyObject *block, PyObject *holder, PyObject **reason)
{
    int64_t parent = bits_at(holder, 0), near = bits_at(holder, 4) | bits_at(block, 5);
    if (parent < 0 || parent >= PyList_GET_SIZE(e->holders) ||
        PyTuple_GET_SIZE(PyList_GET_ITEM(e->holders, parent)) < 8) {
        PyErr_SetString(PyExc_ValueError, "a holder has no parent");
        return -1;
    }
    near |= bits_at(PyList_GET_ITEM(e->holders, parent), 4);
    if (!(*reason = strongest(&e->tags, bits_at(holder, 6))) && !(*reason = strongest(&e->groups, near)))
        *reason = strongest(&e->groups, bits_at(holder, 5));
    return PyErr_Occurred() ? -1 : *reason != NULL; /* bits that are no number read as all of them */
}

/* The reason of a block, borrowed; NULL with an error set. */
static PyObject *reason_of(const struct evidence *e, Py_ssize_t n)
{
    PyObject *block = PyList_GET_ITEM(e->blocks, n), *text, *holder, *reason;
    int64_t at;
    int found;
    if (!PyTuple_Check(block) || PyTuple_GET_SIZE(block) < 7 || !PyUnicode_CheckExact(PyTuple_GET_ITEM(block, 0)) ||
        (at = bits_at(block, 1)) < 0 || at >= PyList_GET_SIZE(e->holders)) {
        PyErr_Format(PyExc_ValueError, "block %zd has no text or no holder", n);
        return NULL;
    }
    text = PyTuple_GET_ITEM(block, 0);
    holder = PyList_GET_ITEM(e->holders, at);
    if (!PyTuple_Check(holder) || PyTuple_GET_SIZE(holder) < 8) {
        PyErr_Format(PyExc_ValueError, "block %zd has no holder", n);
        return NULL;
    }
    found = said_by_head(e, text, &reason);
    if (!found)
        found = said_by_words(e, text, &reason);
    if (!found)
        found = said_by_names(e, block, holder, &reason);
    if (found)
        return found > 0 ? reason : NULL;
    return e->first < n && n < e->last ? e->classifier : e->outside;
}

/* All reasons by position; a new dictionary, or NULL with an error set. */
static PyObject *reasons_of(struct evidence *e, PyObject *kept)
{
    PyObject *found = PyDict_New();
    Py_ssize_t count = PyList_GET_SIZE(e->blocks);
    e->first = count;
    e->last = -1;
    for (Py_ssize_t n = 0; n < count; n++)
        if (PyList_GET_ITEM(kept, n) == Py_True) {
            e->last = n;
            e->first = e->first < n ? e->first : n;
        }
    for (Py_ssize_t n = 0; found && n < count; n++) {
        PyObject *position, *reason;
        if (PyList_GET_ITEM(kept, n) == Py_True)
            continue;
        reason = reason_of(e, n);
        position = reason ? PyLong_FromSsize_t(n) : NULL;
        if (!position || PyDict_SetItem(found, position, reason) < 0)
            Py_CLEAR(found);
        Py_XDECREF(position);
    }
    return found;
}

/* reasons(tables, holders, blocks, kept, body, titles, lengths, description): see reasons.py. */
PyObject *reasons(PyObject *module, PyObject *args)
{
    struct evidence e = {0};
    PyObject *tags, *groups, *phrases, *table, *kept;
    (void)module;
    if (!PyArg_ParseTuple(args, "(OOOOnnOOOOO)O!O!O!O!O!O!U", &tags, &groups, &phrases, &table, &e.longest_line,
                          &e.shortest_standfirst, &e.duplicate, &e.title, &e.standfirst, &e.classifier, &e.outside,
                          &PyList_Type, &e.holders, &PyList_Type, &e.blocks, &PyList_Type, &kept, &PyFrozenSet_Type,
                          &e.body, &PyFrozenSet_Type, &e.titles, &PyTuple_Type, &e.lengths, &e.description))
        return NULL;
    if (read_ranking(tags, &e.tags) < 0 || read_ranking(groups, &e.groups) < 0 ||
        read_ranking(phrases, &e.phrases) < 0 || !(e.prompts = prompts_in(table)))
        return NULL;
    if (PyList_GET_SIZE(kept) != PyList_GET_SIZE(e.blocks)) {
        PyErr_SetString(PyExc_ValueError, "not every block is kept or not");
        return NULL;
    }
    return reasons_of(&e, kept);
}
