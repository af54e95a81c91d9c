/* Part of walk_scan.h: what an element's tag and attributes say. */

static void NAME(note)(Walk *w, Attributes *found, const CHAR *name, Py_ssize_t length, const CHAR *at, const CHAR *end)
{
    const CHAR *stop = name + length;
    Span value = NAME(span)(w, at, end);
    found->count++;
    if (length == 5 && NAME(begins)(name, stop, "class"))
        found->names = value;
    else if (length == 5 && NAME(begins)(name, stop, "style"))
        found->style = value;
    else if (length == 2 && NAME(begins)(name, stop, "id"))
        found->identity = value;
    else if (length == 4 && NAME(begins)(name, stop, "href"))
        found->href = value;
    else if (length == 4 && NAME(begins)(name, stop, "role"))
        found->role = value;
    else if (length == 6 && NAME(begins)(name, stop, "hidden"))
        found->is_hidden = 1;
    else if (length == 8 && NAME(begins)(name, stop, "itemprop"))
        found->itemprop = value;
    else if (length == 11 && NAME(begins)(name, stop, "aria-hidden"))
        found->aria_hidden = value;
}

/* Reads ` name="value"` as often as it stands there; NULL where something else does. */
static const CHAR *NAME(attributes)(Walk *w, Attributes *found, const CHAR *at, const CHAR *end)
{
    while (at < end && *at == ' ') {
        const CHAR *name = ++at;
        at = NAME(find)(at < end ? at + 1 : end, end, '='); /* a name may begin with the sign itself */
        if (end - at < 2 || at[1] != '"')
            return NULL;
        const CHAR *value = at + 2, *stop = NAME(find)(value, end, '"');
        if (stop == end)
            return NULL;
        NAME(note)(w, found, name, at - name, value, stop);
        at = stop + 1;
    }
    return at < end && *at == '>' ? at + 1 : NULL;
}

static int NAME(concealed)(const Walk *w, const Attributes *found)
{
    const CHAR *hidden = NAME(first)(w, found->aria_hidden), *style = NAME(first)(w, found->style);
    if (found->is_hidden || (found->aria_hidden.length == 4 && NAME(begins)(hidden, hidden + 4, "true")))
        return HIDDEN;
    for (Py_ssize_t n = 0; found->style.length && n < PyTuple_GET_SIZE(w->concealed); n++) {
        const char *word = (const char *)PyUnicode_1BYTE_DATA(PyTuple_GET_ITEM(w->concealed, n));
        if (NAME(holds)(style, style + found->style.length, word))
            return HIDDEN;
    }
    return 0;
}

static Names *NAME(names)(Walk *w, Span span)
{
    Names *known = &w->names_cache[hash(w, span) % NAMES];
    if (known->names != NULL && is_same(w, known->span, span)) {
        known->span = span; /* as in tag_of */
        return known;
    }
    PyObject *names = NAME(string)(w, span);
    uint64_t bits;
    if (names == NULL || bits_of(w, names, &bits) < 0) {
        Py_XDECREF(names);
        return NULL;
    }
    Py_XSETREF(known->names, names);
    known->span = span;
    known->bits = bits;
    return known;
}

/* A block-level element's class and id, and their groups. */
static PyObject *NAME(described)(Walk *w, const Attributes *found, uint64_t *bits)
{
    Span one = found->names.length ? found->names : found->identity;
    if (found->names.length && found->identity.length) {
        PyObject *classes = NAME(string)(w, found->names), *identity = NAME(string)(w, found->identity), *both = NULL;
        if (classes != NULL && identity != NULL)
            both = PyUnicode_FromFormat("%U %U", classes, identity);
        Py_XDECREF(classes);
        Py_XDECREF(identity);
        if (both != NULL && bits_of(w, both, bits) < 0)
            Py_CLEAR(both);
        return both;
    }
    if (!one.length)
        return PyUnicode_New(0, 0);
    Names *known = NAME(names)(w, one);
    if (known == NULL)
        return NULL;
    *bits = known->bits;
    return Py_NewRef(known->names);
}

static int NAME(box)(Walk *w, const Tag *tag, const Attributes *found, Py_ssize_t *place)
{
    uint64_t bits = 0;
    int flags = (int)(*place & FLAGS);
    PyObject *names = NAME(described)(w, found, &bits);
    if (names == NULL)
        return FAILED;
    if (found->count > 1) {
        Span role = found->role.length ? found->role : found->itemprop;
        Names *known = role.length ? NAME(names)(w, role) : NULL;
        if (role.length && known == NULL) {
            Py_DECREF(names);
            return FAILED;
        }
        bits |= known != NULL ? known->bits : 0;
        flags |= NAME(concealed)(w, found);
    } else if (found->is_hidden)
        flags |= HIDDEN;
    Py_ssize_t parent = *place >> SHIFT;
    *place = w->box_count << SHIFT | flags;
    return add_box(w, parent, tag, names, bits, flags);
}

static int NAME(in_line)(Walk *w, const Tag *tag, const Attributes *found, Py_ssize_t *place)
{
    if (tag->doing == ANCHOR) {
        PyObject *href = found->href.length ? NAME(string)(w, found->href) : PyUnicode_FromString("#");
        if (href == NULL)
            return FAILED;
        Py_XSETREF(w->href, href);
        *place |= LINK;
    } else if (tag->doing == STRONG)
        *place |= BOLD;
    if (found->names.length) {
        Names *known = NAME(names)(w, found->names);
        if (known == NULL)
            return FAILED;
        w->inline_bits |= known->bits;
    }
    if (found->is_hidden || found->style.start)
        *place |= NAME(concealed)(w, found);
    return FINE;
}

/* Where the text inside an element belongs. */
static int NAME(place)(Walk *w, const Tag *tag, const Attributes *found, Py_ssize_t *place)
{
    *place = w->open[w->depth - 1].place;
    if (tag->doing == BREAK && w->run.length && !w->apart && add_mark(w, BREAK_MARK) < 0)
        return FAILED;
    if (tag->doing == BREAK || tag->doing == UNSEEN || tag->doing == PICTURE || *place < 0) {
        *place = -1;
        return FINE;
    }
    if (tag->doing != BLOCK && tag->doing != CELL)
        return NAME(in_line)(w, tag, found, place);
    if (tag->doing == BLOCK && w->run.length) {
        if (close_run(w) < 0)
            return FAILED;
        w->current = -1;
    }
    return NAME(box)(w, tag, found, place);
}
