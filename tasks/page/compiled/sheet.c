/* Blocks and holders to arrays: what features._sheet and features._ranges do. */
#include "sheet.h"

void *taken(struct sheet *sheet, Py_ssize_t count, size_t size)
{
    void *memory;
    if (sheet->owned_count == (int)(sizeof sheet->owned / sizeof *sheet->owned)) {
        PyErr_SetString(PyExc_SystemError, "a sheet has no room for another array");
        return NULL;
    }
    memory = PyMem_Calloc((size_t)(count > 0 ? count : 1), size);
    if (!memory)
        return PyErr_NoMemory();
    sheet->owned[sheet->owned_count++] = memory;
    return memory;
}

void give_back(struct sheet *sheet)
{
    while (sheet->owned_count)
        PyMem_Free(sheet->owned[--sheet->owned_count]);
}

static int room_for_blocks(struct sheet *s)
{
    Py_ssize_t n = s->count;
    return (s->text = taken(s, n, sizeof *s->text)) && (s->holder = taken(s, n, sizeof *s->holder)) &&
           (s->length = taken(s, n, sizeof *s->length)) && (s->link = taken(s, n, sizeof *s->link)) &&
           (s->links = taken(s, n, sizeof *s->links)) && (s->bold = taken(s, n, sizeof *s->bold)) &&
           (s->weight = taken(s, n, sizeof *s->weight)) && (s->size = taken(s, n, sizeof *s->size)) &&
           (s->link_share = taken(s, n, sizeof *s->link_share)) &&
           (s->inline_bits = taken(s, n, sizeof *s->inline_bits)) &&
           (s->is_broken = taken(s, n, sizeof *s->is_broken)) && (s->is_good = taken(s, n, sizeof *s->is_good)) &&
           (s->ends_cut_off = taken(s, n, sizeof *s->ends_cut_off)) && (s->start = taken(s, n, sizeof *s->start)) &&
           (s->end = taken(s, n, sizeof *s->end)) && (s->kinds = taken(s, n, sizeof *s->kinds));
}

static int room_for_holders(struct sheet *s)
{
    Py_ssize_t n = s->holder_count;
    return (s->parent = taken(s, n, sizeof *s->parent)) && (s->depth = taken(s, n, sizeof *s->depth)) &&
           (s->first = taken(s, n, sizeof *s->first)) && (s->last = taken(s, n, sizeof *s->last)) &&
           (s->tag = taken(s, n, sizeof *s->tag)) && (s->flags = taken(s, n, sizeof *s->flags)) &&
           (s->bits = taken(s, n, sizeof *s->bits)) && (s->above = taken(s, n, sizeof *s->above)) &&
           (s->tags_above = taken(s, n, sizeof *s->tags_above)) &&
           (s->in_text = taken(s, n, sizeof *s->in_text)) && (s->in_link = taken(s, n, sizeof *s->in_link)) &&
           (s->in_weight = taken(s, n, sizeof *s->in_weight)) && (s->in_good = taken(s, n, sizeof *s->in_good));
}

/* Item `at` of a tuple as an integer; sets `*failed` where it is none. */
static int64_t whole(PyObject *row, Py_ssize_t at, int *failed)
{
    int64_t value = PyLong_AsLongLong(PyTuple_GET_ITEM(row, at));
    if (value == -1 && PyErr_Occurred())
        *failed = 1;
    return value;
}

static PyObject *row_of(PyObject *list, Py_ssize_t n, Py_ssize_t least, const char *what)
{
    PyObject *row = PyList_GET_ITEM(list, n);
    if (PyTuple_Check(row) && PyTuple_GET_SIZE(row) >= least)
        return row;
    PyErr_Format(PyExc_TypeError, "%s %zd is not a tuple of %zd", what, n, least);
    return NULL;
}

/* The parser has no name for some tags that it does not know. */
static int is_name(PyObject *name) { return PyUnicode_CheckExact(name) || name == Py_None; }

/* blocks.Holder: parent, depth, tag, names, bits, above, tags_above, flags. */
static int read_holder(struct sheet *s, PyObject *holders, Py_ssize_t n)
{
    int failed = 0;
    int64_t parent, depth;
    PyObject *row = row_of(holders, n, 8, "holder"), *number;
    if (!row)
        return -1;
    parent = whole(row, 0, &failed);
    depth = whole(row, 1, &failed);
    s->bits[n] = whole(row, 4, &failed);
    s->above[n] = whole(row, 5, &failed);
    s->tags_above[n] = whole(row, 6, &failed);
    s->flags[n] = (unsigned char)whole(row, 7, &failed);
    if (failed)
        return -1;
    if (parent < 0 || (n ? parent >= n : parent > 0) || depth < 0 || depth > INT32_MAX ||
        !is_name(PyTuple_GET_ITEM(row, 2)) || !is_name(PyTuple_GET_ITEM(row, 3))) {
        PyErr_Format(PyExc_ValueError, "holder %zd has no place before it, or no names", n);
        return -1;
    }
    number = PyDict_GetItemWithError(s->facts->tag_numbers, PyTuple_GET_ITEM(row, 2));
    if (!number && PyErr_Occurred())
        return -1;
    s->parent[n] = (int32_t)parent;
    s->depth[n] = (int32_t)depth;
    s->tag[n] = number ? (int16_t)PyLong_AsLong(number) : 0;
    s->first[n] = (int32_t)s->count;
    return 0;
}

/* blocks.Block: text, holder, link_chars, links, bold_chars, inline_bits, is_broken. */
static int read_block(struct sheet *s, PyObject *blocks, Py_ssize_t n)
{
    int failed = 0;
    int64_t holder;
    PyObject *row = row_of(blocks, n, 7, "block"), *text;
    if (!row)
        return -1;
    text = PyTuple_GET_ITEM(row, 0);
    holder = whole(row, 1, &failed);
    s->link[n] = (float)whole(row, 2, &failed);
    s->links[n] = (float)whole(row, 3, &failed);
    s->bold[n] = (float)whole(row, 4, &failed);
    s->inline_bits[n] = whole(row, 5, &failed);
    if (failed)
        return -1;
    if (!PyUnicode_CheckExact(text) || !PyUnicode_GET_LENGTH(text) || holder < 0 || holder >= s->holder_count) {
        PyErr_Format(PyExc_ValueError, "block %zd has no text or no holder", n);
        return -1;
    }
    s->text[n] = text;
    s->size[n] = (double)PyUnicode_GET_LENGTH(text);
    s->holder[n] = (int32_t)holder;
    s->is_broken[n] = PyTuple_GET_ITEM(row, 6) == Py_True;
    if (s->first[holder] > n)
        s->first[holder] = (int32_t)n;
    s->last[holder] = (int32_t)(n + 1);
    return 0;
}

static void widen_ranges(struct sheet *s)
{
    for (Py_ssize_t n = s->holder_count - 1; n > 0; n--) {
        int32_t above = s->parent[n];
        if (s->first[n] < s->first[above])
            s->first[above] = s->first[n];
        if (s->last[n] > s->last[above])
            s->last[above] = s->last[n];
    }
}

int read_outline(struct sheet *s, PyObject *holders, PyObject *blocks)
{
    s->count = PyList_GET_SIZE(blocks);
    s->holder_count = PyList_GET_SIZE(holders);
    if (!s->count || !s->holder_count || s->count > INT32_MAX / 2 || s->holder_count > INT32_MAX / 2) {
        PyErr_SetString(PyExc_ValueError, "an outline needs blocks and holders");
        return -1;
    }
    if (!room_for_blocks(s) || !room_for_holders(s))
        return -1;
    for (Py_ssize_t n = 0; n < s->holder_count; n++)
        if (read_holder(s, holders, n) < 0)
            return -1;
    for (Py_ssize_t n = 0; n < s->count; n++)
        if (read_block(s, blocks, n) < 0)
            return -1;
    widen_ranges(s);
    return 0;
}
