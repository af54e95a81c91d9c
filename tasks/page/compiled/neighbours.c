/* Columns of the blocks before and after, and of the heading above: features._neighbours and _headings. */
#include "sheet.h"

/* What stands in for a block that is not there. */
#define NOTHING (-1)
#define MOST_SINCE 60

void derive_shifted(const struct sheet *s, int argument, const float *base, float *out)
{
    for (Py_ssize_t n = 0; n < s->count; n++)
        out[n] = n + argument >= 0 && n + argument < s->count ? base[n + argument] : NOTHING;
}

#define SAME_COLUMN(name, value)                                                                                      \
    void name(const struct sheet *s, int argument, float *out)                                                        \
    {                                                                                                                 \
        for (Py_ssize_t n = 0; n < s->count; n++) {                                                                   \
            Py_ssize_t other = n + argument;                                                                          \
            out[n] = other >= 0 && other < s->count && value(n) == value(other);                                      \
        }                                                                                                             \
    }

#define HOLDER(n) s->holder[n]
#define PARENT(n) s->parent[s->holder[n]]
SAME_COLUMN(fill_same_holder, HOLDER)
SAME_COLUMN(fill_same_parent, PARENT)

static int is_heading(const struct sheet *s, Py_ssize_t n)
{
    return (s->tags_above[s->holder[n]] & s->facts->headings) != 0;
}

void derive_at_heading(const struct sheet *s, int argument, const float *base, float *out)
{
    float last = NOTHING;
    (void)argument;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        if (is_heading(s, n))
            last = base[n];
        out[n] = last;
    }
}

static void since_heading(const struct sheet *s, int argument, float *out)
{
    Py_ssize_t last = NEVER;
    (void)argument;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        if (is_heading(s, n))
            last = n;
        out[n] = last == NEVER ? MOST_SINCE + 1 : (float)within(n - last, 0, MOST_SINCE);
    }
}

static void heading_tag(const struct sheet *s, int argument, float *out)
{
    float last = 0;
    (void)argument;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        if (is_heading(s, n))
            last = s->tag[s->holder[n]];
        out[n] = last;
    }
}

const struct named_column HEADING_COLUMNS[] = {
    {"since_heading", since_heading, 0},
    {"heading_tag", heading_tag, 0},
    {NULL, NULL, 0},
};
