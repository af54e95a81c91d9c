/* The walk's reading of characters, included once for each width of a Python string: CHAR, and NAME(x) for x_1, x_2,
   x_4. Every pointer stays between the page's first character and `end`. */

static const CHAR *NAME(find)(const CHAR *at, const CHAR *end, CHAR wanted)
{
    /* The compiler makes one comparison of many characters out of the inner loop, since nothing leaves it. */
    for (; end - at >= 32; at += 32) {
        int found = 0;
        for (int n = 0; n < 32; n++)
            found |= at[n] == wanted;
        if (found)
            break;
    }
    while (at < end && *at != wanted)
        at++;
    return at;
}

static int NAME(begins)(const CHAR *at, const CHAR *end, const char *word)
{
    for (; *word; word++, at++)
        if (at == end || *at != (CHAR)(unsigned char)*word)
            return 0;
    return 1;
}

static int NAME(begins_in_any_case)(const CHAR *at, const CHAR *end, const char *word)
{
    for (; *word; word++, at++)
        if (at == end || *at > 127 || (*at | 0x20) != (CHAR)((unsigned char)*word | 0x20))
            return 0;
    return 1;
}

static int NAME(holds)(const CHAR *at, const CHAR *end, const char *word)
{
    for (; (at = NAME(find)(at, end, (CHAR)*word)) < end; at++)
        if (NAME(begins)(at, end, word))
            return 1;
    return 0;
}

static const CHAR *NAME(first)(const Walk *w, Span span) { return (const CHAR *)w->chars + span.start; }

static Span NAME(span)(const Walk *w, const CHAR *at, const CHAR *end)
{
    return (Span){at - (const CHAR *)w->chars, end - at};
}

/* ---------------------------------------------------------------- text */

/* The character at `*at`, which moves on; the serialiser writes these five references and no others. */
static CHAR NAME(next)(const CHAR **at, const CHAR *end)
{
    static const struct {
        const char *written;
        unsigned char length, meant;
    } references[] = {{"&amp;", 5, '&'}, {"&nbsp;", 6, 0xa0}, {"&lt;", 4, '<'}, {"&gt;", 4, '>'}, {"&quot;", 6, '"'}};
    if (**at == '&')
        for (size_t n = 0; n < sizeof references / sizeof *references; n++)
            if (NAME(begins)(*at, end, references[n].written)) {
                *at += references[n].length;
                return references[n].meant;
            }
    return *(*at)++;
}

/* The first character that is no white space. */
static const CHAR *NAME(ink)(const CHAR *at, const CHAR *end, int is_raw)
{
    while (at < end) {
        if (Py_UNICODE_ISSPACE(*at))
            at++;
        else if (!is_raw && *at == '&' && NAME(begins)(at, end, "&nbsp;"))
            at += 6;
        else
            break;
    }
    return at;
}

static int NAME(append)(Walk *w, Chars *to, const CHAR *at, const CHAR *end, int is_raw)
{
    if (make_room(w, to, end - at) < 0)
        return FAILED;
    CHAR *out = (CHAR *)to->chars + to->length;
    while (at < end) {
        const CHAR *plain = is_raw ? end : NAME(find)(at, end, '&');
        memcpy(out, at, (size_t)(plain - at) * sizeof(CHAR));
        out += plain - at;
        at = plain;
        if (at < end)
            *out++ = NAME(next)(&at, end);
    }
    to->length = out - (CHAR *)to->chars;
    return FINE;
}

static PyObject *NAME(string)(Walk *w, Span span)
{
    const CHAR *at = NAME(first)(w, span), *end = at + span.length;
    if (NAME(find)(at, end, '&') == end)
        return PyUnicode_FromKindAndData(w->kind, at, span.length);
    w->words.length = 0;
    if (NAME(append)(w, &w->words, at, end, 0) < 0)
        return NULL;
    return PyUnicode_FromKindAndData(w->kind, w->words.chars, w->words.length);
}

/* len(text.strip()) of the run from `start` on. */
static Py_ssize_t NAME(stripped)(const Walk *w, Py_ssize_t start)
{
    const CHAR *at = (const CHAR *)w->run.chars + start, *end = (const CHAR *)w->run.chars + w->run.length;
    while (at < end && Py_UNICODE_ISSPACE(*at))
        at++;
    while (at < end && Py_UNICODE_ISSPACE(end[-1]))
        end--;
    return end - at;
}

/* " ".join(run.split()), or None when a mark parts the run. */
static PyObject *NAME(squeezed)(Walk *w)
{
    w->words.length = 0;
    if (make_room(w, &w->words, w->run.length) < 0)
        return NULL;
    const CHAR *at = w->run.chars, *end = at + w->run.length;
    CHAR *words = w->words.chars, *out = words;
    int is_apart = 0;
    for (; at < end; at++) {
        if (Py_UNICODE_ISSPACE(*at)) {
            if (*at == CELL_MARK || *at == BREAK_MARK)
                Py_RETURN_NONE;
            is_apart = out > words;
            continue;
        }
        if (is_apart)
            *out++ = ' ';
        is_apart = 0;
        while (at < end && !Py_UNICODE_ISSPACE(*at))
            *out++ = *at++;
        at--;
    }
    return PyUnicode_FromKindAndData(w->kind, words, out - words);
}

static int NAME(count_text)(Walk *w, Py_ssize_t place, Py_ssize_t start)
{
    Py_ssize_t length = NAME(stripped)(w, start);
    if (place & BOLD)
        w->bold += length;
    if (!(place & LINK))
        return FINE;
    w->link_chars += length;
    if (w->href == NULL)
        return FINE;
    w->links++;
    return add_href(w, start);
}

static int NAME(text)(Walk *w, const CHAR *at, const CHAR *end, int is_raw)
{
    Py_ssize_t place = w->open[w->depth - 1].place;
    if (w->apart || (place < 0 && !w->run.length))
        return FINE;
    if (NAME(ink)(at, end, is_raw) == end)
        return w->run.length ? NAME(append)(w, &w->run, at, end, is_raw) : FINE;
    if (place < 0)
        return FINE;
    if (turn_to(w, place >> SHIFT) < 0)
        return FAILED;
    Py_ssize_t start = w->run.length;
    if (NAME(append)(w, &w->run, at, end, is_raw) < 0)
        return FAILED;
    return place & (LINK | BOLD) ? NAME(count_text)(w, place, start) : FINE;
}

/* ---------------------------------------------------------------- elements */

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
    if (known->names != NULL && is_same(w, known->span, span))
        return known;
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

/* Text in which markup means nothing, up to the element's end tag. A script that names a script inside a comment may
   hold its own end tag: that is left to the reference. */
static int NAME(raw)(Walk *w, Span name, const CHAR **from, const CHAR *end)
{
    const CHAR *at = *from;
    int is_script = NAME(begins)(NAME(first)(w, name), end, "script"), is_comment = 0;
    for (; (at = NAME(find)(at, end, '<')) < end; at++) {
        if (end - at > name.length + 2 && at[1] == '/' && at[name.length + 2] == '>' &&
            is_same(w, NAME(span)(w, at + 2, at + 2 + name.length), name))
            break;
        is_comment |= NAME(begins)(at, end, "<!--");
        if (is_script && is_comment && NAME(begins_in_any_case)(at, end, "<script"))
            return LOST;
    }
    if (at == end)
        return LOST;
    int result = NAME(text)(w, *from, at, 1);
    *from = at;
    return result;
}

static const CHAR *NAME(name_end)(const CHAR *at, const CHAR *end)
{
    while (at < end && *at != ' ' && *at != '>')
        at++;
    return at;
}

static int NAME(start)(Walk *w, const CHAR **from, const CHAR *end)
{
    const CHAR *at = *from + 1, *stop = NAME(name_end)(at, end);
    Attributes found = {0};
    Span name = NAME(span)(w, at, stop);
    Py_ssize_t place;
    *from = NAME(attributes)(w, &found, stop, end);
    if (*from == NULL)
        return LOST;
    const Tag *tag = tag_of(w, name);
    if (tag == NULL)
        return FAILED;
    if (tag->traits & ENDLESS)
        return LOST;
    if (NAME(place)(w, tag, &found, &place) < 0)
        return FAILED;
    if (tag->traits & VOID && !w->foreign)
        return FINE;
    if (push(w, name, place, tag->traits) < 0)
        return FAILED;
    if (!(tag->traits & RAW))
        return FINE;
    w->is_doubtful |= w->foreign != 0; /* there, its text may hold tags, written as it is */
    return w->foreign ? FINE : NAME(raw)(w, name, from, end);
}

static int NAME(end)(Walk *w, const CHAR **from, const CHAR *end)
{
    const CHAR *at = *from + 2, *stop = NAME(find)(at, end, '>');
    if (stop == end)
        return LOST;
    *from = stop + 1;
    return pop(w, NAME(span)(w, at, stop));
}

static int NAME(skipped)(const CHAR **from, const CHAR *end, const char *opening, const char *closing)
{
    const CHAR *at = *from + strlen(opening);
    while (at < end && !NAME(begins)(at, end, closing))
        at = NAME(find)(at + 1, end, (CHAR)*closing);
    if (at >= end)
        return LOST;
    *from = at + strlen(closing);
    return FINE;
}

static int NAME(markup)(Walk *w, const CHAR **at, const CHAR *end)
{
    if (end - *at < 2)
        return LOST;
    if ((*at)[1] == '/')
        return NAME(end)(w, at, end);
    if (NAME(begins)(*at, end, "<!--"))
        return NAME(skipped)(at, end, "<!--", "-->");
    if ((*at)[1] == '?')
        return NAME(skipped)(at, end, "<?", ">");
    return NAME(start)(w, at, end);
}

/* The body's own start tag, then everything in it up to its end tag, which is the page's last. */
static int NAME(walked)(Walk *w)
{
    const CHAR *at = (const CHAR *)w->chars, *end = at + w->length;
    Attributes unread = {0};
    int result = FINE;
    w->squeezed = NAME(squeezed);
    if (!NAME(begins)(at, end, "<body"))
        return LOST;
    if (push(w, (Span){1, 4}, 0, 0) < 0)
        return FAILED;
    at = NAME(attributes)(w, &unread, at + 5, end);
    if (at == NULL)
        return LOST;
    while (result == FINE && at < end && w->depth) {
        const CHAR *stop = NAME(find)(at, end, '<');
        if (stop > at)
            result = NAME(text)(w, at, stop, 0);
        at = stop;
        if (result == FINE && at < end)
            result = NAME(markup)(w, &at, end);
    }
    if (result == FINE && (w->depth || at < end))
        return LOST;
    return result;
}

#undef CHAR
#undef NAME
