/* What the walk finds: the names of elements, the holders, the blocks, the links. */
#include "walk.h"

int make_room(const Walk *w, Chars *of, Py_ssize_t more)
{
    Py_ssize_t room = of->room ? of->room : 4096;
    if (more <= of->room - of->length)
        return FINE;
    while (room - of->length < more) {
        if (room > PY_SSIZE_T_MAX / 16) {
            PyErr_NoMemory();
            return FAILED;
        }
        room *= 2;
    }
    void *chars = PyMem_Realloc(of->chars, (size_t)room * (size_t)w->kind);
    if (chars == NULL) {
        PyErr_NoMemory();
        return FAILED;
    }
    of->chars = chars;
    of->room = room;
    return FINE;
}

/* Room for one more of `count` records of `size` bytes. */
void *one_more(void *records, Py_ssize_t count, Py_ssize_t *room, size_t size)
{
    if (count < *room)
        return records;
    Py_ssize_t more = *room ? *room * 2 : 64;
    void *larger = PyMem_Realloc(records, (size_t)more * size);
    if (larger == NULL)
        return PyErr_NoMemory();
    *room = more;
    return larger;
}

/* ---------------------------------------------------------------- what is known of names */

static int read_tag(Tag *tag, PyObject *told)
{
    int is_read = PyArg_ParseTuple(told, "iKi", &tag->doing, &tag->bit, &tag->traits);
    return is_read ? FINE : FAILED;
}

const Tag *tag_of(Walk *w, Span name)
{
    Tag *tag = &w->tag_cache[hash(w, name) % TAGS];
    if (tag->name != NULL && is_same(w, tag->span, name)) {
        tag->span = name; /* the next comparison finds it in the processor's cache */
        return tag;
    }
    PyObject *string = PyUnicode_FromKindAndData(w->kind, w->chars + name.start * w->kind, name.length);
    if (string == NULL)
        return NULL;
    PyObject *told = PyDict_GetItemWithError(w->tags, string);
    if ((told == NULL && PyErr_Occurred()) || read_tag(tag, told != NULL ? told : w->other) < 0) {
        Py_DECREF(string);
        return NULL;
    }
    Py_XSETREF(tag->name, string);
    tag->span = name;
    return tag;
}

int bits_of(Walk *w, PyObject *names, uint64_t *bits)
{
    if (PyUnicode_IS_ASCII(names)) {
        *bits = names_bits(w->lexicon, PyUnicode_1BYTE_DATA(names), PyUnicode_GET_LENGTH(names));
        return FINE;
    }
    PyObject *told = PyObject_CallOneArg(w->name_bits, names);
    if (told == NULL)
        return FAILED;
    *bits = PyLong_AsUnsignedLongLong(told);
    Py_DECREF(told);
    return PyErr_Occurred() ? FAILED : FINE;
}

/* ---------------------------------------------------------------- what is found */

/* Appends a named tuple of `count` values, whose references it takes; a NULL among them is an error that is set. */
static int add_record(PyObject *list, PyTypeObject *type, Py_ssize_t count, PyObject **values)
{
    PyObject *one = type->tp_alloc(type, count);
    int is_whole = one != NULL;
    for (Py_ssize_t n = 0; n < count; n++) {
        is_whole &= values[n] != NULL;
        if (one != NULL)
            PyTuple_SET_ITEM(one, n, values[n]);
        else
            Py_XDECREF(values[n]);
    }
#if PY_VERSION_HEX >= 0x030E0000
    if (one != NULL)
        ((PyTupleObject *)one)->ob_hash = -1; /* not known yet */
#endif
    /* Numbers and strings only: no cycle can pass through it, and the collector need not look at thousands of them. */
    if (one != NULL && PyObject_GC_IsTracked(one))
        PyObject_GC_UnTrack(one);
    int result = is_whole ? PyList_Append(list, one) : FAILED;
    Py_XDECREF(one);
    return result;
}

/* The number `value` as field `field` of a new holder: taken from its parent or the holder before it, if it is theirs. */
static PyObject *number(const Walk *w, uint64_t value, uint64_t of_parent, Py_ssize_t parent, uint64_t of_sibling,
                        Py_ssize_t sibling, Py_ssize_t field)
{
    Py_ssize_t from = sibling && value == of_sibling ? sibling : value == of_parent ? parent : -1;
    if (from < 0 || from >= PyList_GET_SIZE(w->holders))
        return PyLong_FromUnsignedLongLong(value);
    return Py_NewRef(PyTuple_GET_ITEM(PyList_GET_ITEM(w->holders, from), field));
}

static Box *new_box(Walk *w)
{
    Box *boxes = one_more(w->boxes, w->box_count, &w->box_room, sizeof *boxes);
    if (boxes == NULL)
        return NULL;
    w->boxes = boxes;
    memset(&boxes[w->box_count], 0, sizeof *boxes);
    return &boxes[w->box_count++];
}

/* A new holder; takes the reference to `names`. */
int add_box(Walk *w, Py_ssize_t parent, const Tag *tag, PyObject *names, uint64_t bits, int flags)
{
    Box *own = new_box(w);
    if (own == NULL) {
        Py_DECREF(names);
        return FAILED;
    }
    Box *above = &w->boxes[parent];
    const Box *beside = &w->boxes[above->child];
    own->parent = parent;
    own->depth = above == own ? 0 : above->depth + 1;
    own->doing = tag->doing;
    own->traits = tag->traits;
    own->bits = bits;
    own->above = above->above | bits;
    own->tags_above = above->tags_above | tag->bit;
    PyObject *values[] = {
        number(w, (uint64_t)parent, 0, 0, (uint64_t)beside->parent, above->child, 0),
        PyLong_FromLong(own->depth),
        Py_NewRef(tag->name),
        names,
        number(w, bits, above->bits, parent, beside->bits, above->child, 4),
        number(w, own->above, above->above, parent, beside->above, above->child, 5),
        number(w, own->tags_above, above->tags_above, parent, beside->tags_above, above->child, 6),
        PyLong_FromLong(flags),
    };
    above->child = own - w->boxes;
    return add_record(w->holders, w->holder_type, 8, values);
}

int add_block(Walk *w, PyObject *text)
{
    PyObject *values[] = {
        text,
        PyLong_FromSsize_t(w->current),
        PyLong_FromSsize_t(w->link_chars),
        PyLong_FromSsize_t(w->links),
        PyLong_FromSsize_t(w->bold),
        PyLong_FromUnsignedLongLong(w->inline_bits),
        Py_NewRef(Py_False),
    };
    return add_record(w->blocks, w->block_type, 7, values);
}

/* The open address and the run from `start` on, its first words. */
int add_href(Walk *w, Py_ssize_t start)
{
    PyObject *words = PyUnicode_FromKindAndData(w->kind, (char *)w->run.chars + start * w->kind, w->run.length - start);
    PyObject *one = words ? Py_BuildValue("(nNN)", PyList_GET_SIZE(w->blocks), w->href, words) : NULL;
    if (words != NULL)
        w->href = NULL;
    int result = one != NULL ? PyList_Append(w->hrefs, one) : FAILED;
    if (one != NULL)
        PyObject_GC_UnTrack(one);
    Py_XDECREF(one);
    return result;
}
