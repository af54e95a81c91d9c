/* Part of walk_scan.h: text, its references and its white space. */

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
