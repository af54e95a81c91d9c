/* The blocks and holders of a page: what `blocks._walk` reads from the tree, read from the tree's serialisation.

   lexbor writes every element that it found with its end tag (void elements have none), every attribute value between
   double quotes, and `&`, `<`, `>` and no-break spaces of text as references. So one pass over that string sees the
   tree's own events in the tree's own order, at a twentieth of what its nodes cost as Python objects. Whatever does
   not close as it opened ends the walk, and the reference does the page. Runs with line breaks or cells in them are few
   and are closed by the reference's own `_close`. */
#include "walk.h"

/* ---------------------------------------------------------------- open elements */

static int push(Walk *w, Span name, Py_ssize_t place, int traits)
{
    Open *open = one_more(w->open, w->depth, &w->open_room, sizeof *open);
    if (open == NULL)
        return FAILED;
    w->open = open;
    open[w->depth++] = (Open){name, place, traits};
    if (traits & FOREIGN && !w->foreign)
        w->foreign = w->depth;
    if (traits & APART && !w->apart)
        w->apart = w->depth;
    return FINE;
}

static int pop(Walk *w, Span name)
{
    /* SVG's own `link` and `source` have end tags, HTML's inside of it have none. */
    while (w->foreign && w->depth && w->open[w->depth - 1].traits & VOID && !is_same(w, w->open[w->depth - 1].name, name))
        w->depth--;
    if (!w->depth || !is_same(w, w->open[w->depth - 1].name, name))
        return LOST;
    w->depth--;
    if (w->depth < w->foreign)
        w->foreign = 0;
    if (w->depth < w->apart)
        w->apart = 0;
    return FINE;
}

/* ---------------------------------------------------------------- characters of one, two and four bytes */

#define CHAR Py_UCS1
#define NAME(x) x##_1
#include "walk_scan.h"
#define CHAR Py_UCS2
#define NAME(x) x##_2
#include "walk_scan.h"
#define CHAR Py_UCS4
#define NAME(x) x##_4
#include "walk_scan.h"

/* ---------------------------------------------------------------- the whole */

static int add_body(Walk *w)
{
    PyObject *name = PyUnicode_FromString("body"), *names = PyUnicode_New(0, 0);
    Tag body = {.name = name, .doing = BLOCK};
    int result = name != NULL && names != NULL ? add_box(w, 0, &body, names, 0, 0) : FAILED;
    if (name == NULL)
        Py_XDECREF(names);
    Py_XDECREF(name);
    return result;
}

static int read_page(Walk *w)
{
    if (add_body(w) < 0)
        return FAILED;
    int result = w->kind == 1 ? walked_1(w) : w->kind == 2 ? walked_2(w) : walked_4(w);
    if (result == FINE && w->run.length)
        result = close_run(w);
    return result;
}

static void forget(Walk *w)
{
    for (int n = 0; n < TAGS; n++)
        Py_XDECREF(w->tag_cache[n].name);
    for (int n = 0; n < NAMES; n++)
        Py_XDECREF(w->names_cache[n].names);
    Py_XDECREF(w->href);
    Py_XDECREF(w->holders);
    Py_XDECREF(w->blocks);
    Py_XDECREF(w->hrefs);
    Py_XDECREF(w->doubtful);
    PyMem_Free(w->open);
    PyMem_Free(w->boxes);
    PyMem_Free(w->run.chars);
    PyMem_Free(w->words.chars);
    PyMem_Free(w);
}

static int are_fit(const Walk *w)
{
    int is_fit = PyType_IsSubtype(w->holder_type, &PyTuple_Type) && PyType_IsSubtype(w->block_type, &PyTuple_Type);
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(w->concealed); n++) {
        PyObject *word = PyTuple_GET_ITEM(w->concealed, n);
        is_fit &= PyUnicode_Check(word) && PyUnicode_IS_ASCII(word) && PyUnicode_GET_LENGTH(word);
    }
    if (!is_fit)
        PyErr_SetString(PyExc_ValueError, "the walk wants two tuple types and words in ASCII");
    return is_fit;
}

static PyObject *outline(Walk *w)
{
    w->kind = PyUnicode_KIND(w->page);
    w->chars = PyUnicode_DATA(w->page);
    w->length = PyUnicode_GET_LENGTH(w->page);
    w->current = -1;
    w->holders = PyList_New(0);
    w->blocks = PyList_New(0);
    w->hrefs = PyList_New(0);
    w->doubtful = PySet_New(NULL);
    if (w->holders == NULL || w->blocks == NULL || w->hrefs == NULL || w->doubtful == NULL)
        return NULL;
    int result = read_page(w);
    if (result == LOST)
        Py_RETURN_NONE;
    return result == FINE ? Py_BuildValue("OOOO", w->holders, w->blocks, w->hrefs, w->doubtful) : NULL;
}

/* walk(page, tags, other, lexicon, name_bits, close, concealed, Holder, Block): the holders, the blocks, the links, and
   the tags of elements whose text may have been taken for markup; None where the reference must do it.
   `tags` tells of each tag what `other` tells of all others: what to do, its bit, its traits. */
PyObject *walk(PyObject *module, PyObject *args)
{
    PyObject *capsule;
    (void)module;
    Walk *w = PyMem_Calloc(1, sizeof *w);
    if (w == NULL)
        return PyErr_NoMemory();
    int is_read = PyArg_ParseTuple(args, "UO!O!OOOO!O!O!", &w->page, &PyDict_Type, &w->tags, &PyTuple_Type, &w->other,
                                   &capsule, &w->name_bits, &w->close, &PyTuple_Type, &w->concealed, &PyType_Type,
                                   &w->holder_type, &PyType_Type, &w->block_type);
    w->lexicon = is_read ? PyCapsule_GetPointer(capsule, LEXICON) : NULL;
    PyObject *result = w->lexicon != NULL && are_fit(w) ? outline(w) : NULL;
    forget(w);
    return result;
}
