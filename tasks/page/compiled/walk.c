/* The blocks and holders of a page: what `blocks._walk` reads from the tree, read from the tree's serialisation.

   lexbor writes every element that it found with its end tag (void elements have none), every attribute value between
   double quotes, and `&`, `<`, `>` and no-break spaces of text as references. So one pass over that string sees the
   tree's own events in the tree's own order, at a twentieth of what its nodes cost as Python objects. Whatever does
   not close as it opened ends the walk, and the reference does the page. Runs with line breaks or cells in them are few
   and are closed by the reference's own `_close`. */
#include "walk.h"

/* ---------------------------------------------------------------- memory */

static int make_room(const Walk *w, Chars *of, Py_ssize_t more)
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
static void *one_more(void *records, Py_ssize_t count, Py_ssize_t *room, size_t size)
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

static int is_same(const Walk *w, Span one, Span other)
{
    return one.length == other.length &&
           !memcmp(w->chars + one.start * w->kind, w->chars + other.start * w->kind, (size_t)(one.length * w->kind));
}

static uint64_t hash(const Walk *w, Span span)
{
    return hash_of(w->chars + span.start * w->kind, span.length * w->kind);
}

static int read_tag(Tag *tag, PyObject *told)
{
    int is_read = PyArg_ParseTuple(told, "iKi", &tag->doing, &tag->bit, &tag->traits);
    return is_read ? FINE : FAILED;
}

static const Tag *tag_of(Walk *w, Span name)
{
    Tag *tag = &w->tag_cache[hash(w, name) % TAGS];
    if (tag->name != NULL && is_same(w, tag->span, name))
        return tag;
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

static int bits_of(Walk *w, PyObject *names, uint64_t *bits)
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

/* Field `field` of the holder `parent`, when the number is the same again. */
static PyObject *number(const Walk *w, uint64_t value, uint64_t before, Py_ssize_t parent, Py_ssize_t field)
{
    if (value != before || parent >= PyList_GET_SIZE(w->holders))
        return PyLong_FromUnsignedLongLong(value);
    return Py_NewRef(PyTuple_GET_ITEM(PyList_GET_ITEM(w->holders, parent), field));
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
static int add_box(Walk *w, Py_ssize_t parent, const Tag *tag, PyObject *names, uint64_t bits, int flags)
{
    Box *own = new_box(w);
    if (own == NULL) {
        Py_DECREF(names);
        return FAILED;
    }
    const Box *above = &w->boxes[parent];
    own->parent = parent;
    own->depth = above == own ? 0 : above->depth + 1;
    own->doing = tag->doing;
    own->traits = tag->traits;
    own->above = above->above | bits;
    own->tags_above = above->tags_above | tag->bit;
    PyObject *values[] = {
        PyLong_FromSsize_t(parent),
        PyLong_FromLong(own->depth),
        Py_NewRef(tag->name),
        names,
        PyLong_FromUnsignedLongLong(bits),
        number(w, own->above, above->above, parent, 5),
        number(w, own->tags_above, above->tags_above, parent, 6),
        PyLong_FromLong(flags),
    };
    return add_record(w->holders, w->holder_type, 8, values);
}

static int add_block(Walk *w, PyObject *text)
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
static int add_href(Walk *w, Py_ssize_t start)
{
    PyObject *words = PyUnicode_FromKindAndData(w->kind, (char *)w->run.chars + start * w->kind, w->run.length - start);
    PyObject *one = words ? Py_BuildValue("(nNN)", PyList_GET_SIZE(w->blocks), w->href, words) : NULL;
    if (words != NULL)
        w->href = NULL;
    int result = one != NULL ? PyList_Append(w->hrefs, one) : FAILED;
    Py_XDECREF(one);
    return result;
}

/* ---------------------------------------------------------------- runs */

static int add_mark(Walk *w, Py_UCS4 mark)
{
    if (make_room(w, &w->run, 1) < 0)
        return FAILED;
    PyUnicode_WRITE(w->kind, w->run.chars, w->run.length, mark);
    w->run.length++;
    return FINE;
}

/* blocks._close, for the runs that are more than words and spaces. */
static int close_by_reference(Walk *w)
{
    PyObject *tag = PyTuple_GET_ITEM(PyList_GET_ITEM(w->holders, w->current), 2);
    PyObject *raw = PyUnicode_FromKindAndData(w->kind, w->run.chars, w->run.length);
    if (raw == NULL)
        return FAILED;
    PyObject *done = PyObject_CallFunction(w->close, "O[N]nOnnnK", w->blocks, raw, w->current, tag, w->link_chars,
                                           w->links, w->bold, (unsigned long long)w->inline_bits);
    Py_XDECREF(done);
    return done != NULL ? FINE : FAILED;
}

static int close_words(Walk *w)
{
    PyObject *text = w->squeezed(w);
    if (text == NULL)
        return FAILED;
    if (text != Py_None && PyUnicode_GET_LENGTH(text))
        return add_block(w, text);
    int is_parted = text == Py_None;
    Py_DECREF(text);
    return is_parted ? close_by_reference(w) : FINE;
}

static int close_run(Walk *w)
{
    int result = w->boxes[w->current].traits & TYPED ? close_by_reference(w) : close_words(w);
    w->run.length = 0;
    w->link_chars = w->links = w->bold = 0;
    w->inline_bits = 0;
    return result;
}

/* The next text belongs to `holder`: the open run goes on, gets a cell's border, or ends. */
static int turn_to(Walk *w, Py_ssize_t holder)
{
    if (holder == w->current)
        return FINE;
    if (w->run.length) {
        const Box *was = &w->boxes[w->current], *now = &w->boxes[holder];
        int is_row = was->parent == now->parent && was->doing == CELL && now->doing == CELL;
        if ((is_row ? add_mark(w, CELL_MARK) : close_run(w)) < 0)
            return FAILED;
    }
    w->current = holder;
    return FINE;
}

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
    if (w->holders == NULL || w->blocks == NULL || w->hrefs == NULL)
        return NULL;
    int result = read_page(w);
    if (result == LOST)
        Py_RETURN_NONE;
    return result == FINE ? Py_BuildValue("OOOi", w->holders, w->blocks, w->hrefs, w->is_doubtful) : NULL;
}

/* walk(page, tags, other, lexicon, name_bits, close, concealed, Holder, Block): the holders, the blocks, the links, and
   whether an element stands in the page whose text may have been taken for tags; None where the reference must do it.
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
