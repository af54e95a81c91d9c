/* Part of walk_scan.h: places in a string. */

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
