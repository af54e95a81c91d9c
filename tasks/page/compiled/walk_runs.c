/* The run of text that is open: how it goes on, and how it becomes a block. */
#include "walk.h"

int add_mark(Walk *w, Py_UCS4 mark)
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

int close_run(Walk *w)
{
    int result = w->boxes[w->current].traits & TYPED ? close_by_reference(w) : close_words(w);
    w->run.length = 0;
    w->link_chars = w->links = w->bold = 0;
    w->inline_bits = 0;
    return result;
}

/* The next text belongs to `holder`: the open run goes on, gets a cell's border, or ends. */
int turn_to(Walk *w, Py_ssize_t holder)
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
