/* The walk's reading of characters, included once for each width of a Python string: CHAR, and NAME(x) for x_1, x_2,
   x_4. Every pointer stays between the page's first character and `end`. */

#include "walk_chars.h"
#include "walk_text.h"
#include "walk_tags.h"

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
    if (tag->traits & ENDLESS || (tag->traits & APART && w->foreign)) /* in SVG, a template may be HTML's or its own */
        return LOST;
    if (NAME(place)(w, tag, &found, &place) < 0)
        return FAILED;
    if (tag->traits & VOID && !w->foreign)
        return FINE;
    if (push(w, name, place, tag->traits) < 0)
        return FAILED;
    if (!(tag->traits & RAW))
        return FINE;
    if (w->foreign) /* there, its text may hold tags, written as it is */
        return PySet_Add(w->doubtful, tag->name) < 0 ? FAILED : FINE;
    return NAME(raw)(w, name, from, end);
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
