/* How deep a page's tags lie in each other: what `parse._depth` finds with an expression, tag by tag. */
#include "native.h"
#include <string.h>

#define LONGEST_NAME 51 /* a letter and fifty signs */

typedef struct {
    const char *at;
    Py_ssize_t length;
    int is_end;
} Tag;

static int is_letter(char sign) { return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z'); }
static int ends_name(char sign) { return sign == '/' || sign == '>' || sign == ' ' || (sign >= '\t' && sign <= '\r'); }

/* `<(/?)([a-zA-Z][^\s/>]{0,50})[^<>]*>` at a `<`: where it ends, or NULL. */
static const char *tag_at(const char *at, const char *end, Tag *tag)
{
    tag->is_end = ++at < end && *at == '/';
    at += tag->is_end;
    if (at == end || !is_letter(*at))
        return NULL;
    tag->at = at;
    while (at < end && at - tag->at < LONGEST_NAME && !ends_name(*at))
        at++;
    tag->length = at - tag->at;
    while (at < end && *at != '<' && *at != '>')
        at++;
    return at < end && *at == '>' ? at + 1 : NULL;
}

static int is_equal(const char *name, const char *letters, Py_ssize_t length)
{
    for (Py_ssize_t n = 0; n < length; n++)
        if ((is_letter(name[n]) ? name[n] | 0x20 : name[n]) != letters[n])
            return 0;
    return 1;
}

static int is_among(const Tag *tag, PyObject *names)
{
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(names); n++) {
        PyObject *name = PyTuple_GET_ITEM(names, n);
        if (PyBytes_GET_SIZE(name) == tag->length && is_equal(tag->at, PyBytes_AS_STRING(name), tag->length))
            return 1;
    }
    return 0;
}

static Py_ssize_t deepest(const char *at, const char *end, PyObject *unclosed)
{
    Py_ssize_t depth = 0, most = 0;
    Tag tag;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        const char *stop = tag_at(at, end, &tag);
        at = stop != NULL ? stop : at + 1;
        if (stop == NULL || is_among(&tag, unclosed))
            continue;
        if (!tag.is_end)
            depth++;
        else if (depth)
            depth--;
        most = depth > most ? depth : most;
    }
    return most;
}

/* nesting(markup, unclosed): the most tags open at once; `unclosed` names those that need no end tag, as a tuple of
   bytes in small letters. */
PyObject *nesting(PyObject *module, PyObject *args)
{
    Py_buffer markup;
    PyObject *unclosed;
    Py_ssize_t most = -1;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*O!", &markup, &PyTuple_Type, &unclosed))
        return NULL;
    int are_bytes = 1;
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(unclosed); n++)
        are_bytes &= PyBytes_Check(PyTuple_GET_ITEM(unclosed, n));
    if (are_bytes)
        most = deepest(markup.buf, (const char *)markup.buf + markup.len, unclosed);
    PyBuffer_Release(&markup);
    if (are_bytes)
        return PyLong_FromSsize_t(most);
    PyErr_SetString(PyExc_TypeError, "the names of tags are bytes");
    return NULL;
}
