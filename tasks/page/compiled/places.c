/* Where blocks stand: names and tags around them, their place on the page, and sums over what surrounds them.
   features._names, _place, _subtrees and _windows. */
#include "sheet.h"
#include <math.h>

/* Sums of `values` before each block, in `before`, and within each holder, in `inside`. */
static void sum_up(const struct sheet *s, const float *values, double *before, float *inside)
{
    before[0] = 0;
    for (Py_ssize_t n = 0; n < s->count; n++)
        before[n + 1] = before[n] + values[n];
    for (Py_ssize_t at = 0; at < s->holder_count; at++)
        inside[at] = s->first[at] < s->last[at] ? (float)(before[s->last[at]] - before[s->first[at]]) : 0;
}

int add_up_places(struct sheet *s)
{
    double *before = taken(s, s->count + 1, sizeof *before), wide = 0;
    float *good = taken(s, s->count, sizeof *good);
    s->text_before = taken(s, s->count + 1, sizeof *s->text_before);
    s->weight_before = taken(s, s->count + 1, sizeof *s->weight_before);
    if (!before || !good || !s->text_before || !s->weight_before)
        return -1;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        good[n] = s->is_good[n];
        wide += s->kinds[n][WIDE];
    }
    sum_up(s, good, before, s->in_good);
    sum_up(s, s->link, before, s->in_link);
    s->link_total = (float)before[s->count];
    sum_up(s, s->length, s->text_before, s->in_text);
    sum_up(s, s->weight, s->weight_before, s->in_weight);
    s->text_total = (float)s->text_before[s->count];
    s->weight_total = s->weight_before[s->count] > 0 ? (float)s->weight_before[s->count] : 1;
    s->wide_total = (float)wide;
    return 0;
}

#define BIT_COLUMN(name, bits)                                                                                        \
    void name(const struct sheet *s, int argument, float *out)                                                        \
    {                                                                                                                 \
        for (Py_ssize_t n = 0; n < s->count; n++)                                                                     \
            out[n] = (float)((bits) >> argument & 1);                                                                 \
    }

/* Names of the three elements around a block's own. */
static int64_t near_bits(const struct sheet *s, int32_t holder)
{
    int32_t first = s->parent[holder], second = s->parent[first];
    return s->bits[first] | s->bits[second] | s->bits[s->parent[second]];
}

BIT_COLUMN(fill_inline_bit, s->inline_bits[n])
BIT_COLUMN(fill_own_bit, s->bits[s->holder[n]])
BIT_COLUMN(fill_near_bit, near_bits(s, s->holder[n]))
BIT_COLUMN(fill_above_bit, s->above[s->holder[n]])
BIT_COLUMN(fill_tag_bit, s->tags_above[s->holder[n]])
BIT_COLUMN(fill_says_bit, s->says[n])

/* The holder so many levels above a block's own. */
static inline int32_t around(const struct sheet *s, Py_ssize_t n, int levels)
{
    int32_t at = s->holder[n];
    while (levels--)
        at = s->parent[at];
    return at;
}

COLUMN(tag, s->tag[around(s, n, argument)])
COLUMN(is_hidden, (s->flags[s->holder[n]] & s->facts->hidden) > 0)
COLUMN(depth, s->depth[s->holder[n]])
COLUMN(is_heading, (s->tags_above[s->holder[n]] & s->facts->headings) > 0)

/* Running sums in single precision, as the arrays of features._place have them. */
static void before_of(const struct sheet *s, const float *values, float *out)
{
    float sum = 0;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        sum += values[n];
        out[n] = sum - values[n];
    }
}

static void text_before(const struct sheet *s, int argument, float *out)
{
    (void)argument;
    before_of(s, s->length, out);
    for (Py_ssize_t n = 0; n < s->count; n++)
        out[n] /= s->text_total;
}

static void good_before(const struct sheet *s, int argument, float *out)
{
    (void)argument;
    before_of(s, s->weight, out);
    for (Py_ssize_t n = 0; n < s->count; n++)
        out[n] /= s->weight_total;
}

static void good_after(const struct sheet *s, int argument, float *out)
{
    (void)argument;
    before_of(s, s->weight, out);
    for (Py_ssize_t n = 0; n < s->count; n++)
        out[n] = (s->weight_total - out[n] - s->weight[n]) / s->weight_total;
}

static void fill_all(const struct sheet *s, double value, float *out)
{
    for (Py_ssize_t n = 0; n < s->count; n++)
        out[n] = (float)value;
}

#define PAGE_COLUMN(name, value)                                                                                      \
    static void name(const struct sheet *s, int argument, float *out)                                                 \
    {                                                                                                                 \
        (void)argument;                                                                                               \
        fill_all(s, value, out);                                                                                      \
    }

#define MOST_INDEX 200

COLUMN(position, (double)n / (double)s->count)
COLUMN(from_start, within(n, 0, MOST_INDEX))
COLUMN(from_end, within(s->count - 1 - n, 0, MOST_INDEX))
PAGE_COLUMN(page_blocks, log1p(fmin((double)s->count, s->facts->most_blocks)))
PAGE_COLUMN(page_text, log1p(fmin(s->text_total, s->facts->most_text)))
PAGE_COLUMN(page_good, (double)s->weight_total / s->text_total)
PAGE_COLUMN(page_links, (double)s->link_total / s->text_total)
PAGE_COLUMN(page_wide, (double)s->wide_total / s->text_total)

static float blocks_in(const struct sheet *s, int32_t at)
{
    return s->first[at] < s->last[at] ? (float)(s->last[at] - s->first[at]) : 0;
}

#define AROUND around(s, n, argument)
COLUMN(in_text, log1pf(fminf(s->in_text[AROUND], (float)s->facts->most_text)))
COLUMN(in_links, s->in_link[AROUND] / at_least_1(s->in_text[AROUND]))
COLUMN(in_weight, s->in_weight[AROUND] / s->weight_total)
COLUMN(in_good, s->in_good[AROUND] / at_least_1(blocks_in(s, AROUND)))
COLUMN(in_blocks, log1pf(fminf(blocks_in(s, AROUND), (float)s->facts->most_blocks)))

#define LEVEL(name, levels)                                                                                           \
    {name "_text", in_text, levels}, {name "_links", in_links, levels}, {name "_weight", in_weight, levels},          \
        {name "_good", in_good, levels}, {name "_blocks", in_blocks, levels}

const struct named_column PLACE_COLUMNS[] = {
    {"tag", tag, 0},
    {"parent_tag", tag, 1},
    {"grand_tag", tag, 2},
    {"is_hidden", is_hidden, 0},
    {"depth", depth, 0},
    {"is_heading", is_heading, 0},
    {"position", position, 0},
    {"text_before", text_before, 0},
    {"good_before", good_before, 0},
    {"good_after", good_after, 0},
    {"index", from_start, 0},
    {"index_from_end", from_end, 0},
    {"page_blocks", page_blocks, 0},
    {"page_text", page_text, 0},
    {"page_good", page_good, 0},
    {"page_links", page_links, 0},
    {"page_wide", page_wide, 0},
    LEVEL("own", 0),
    LEVEL("parent", 1),
    LEVEL("grand", 2),
    LEVEL("third", 3),
    LEVEL("fourth", 4),
    {NULL, NULL, 0},
};

/* Good text in the `argument` blocks before and after, and all text around. */
#define LOW within(n - argument, 0, s->count)
#define HIGH within(n + argument + 1, 0, s->count)
COLUMN(good_before_by, log1p(s->weight_before[n] - s->weight_before[LOW]))
COLUMN(good_after_by, log1p(s->weight_before[HIGH] - s->weight_before[n + 1]))
COLUMN(text_around, log1p(s->text_before[HIGH] - s->text_before[LOW]))

const struct named_column WINDOW_COLUMNS[] = {
    {"good_before_5", good_before_by, 5},
    {"good_before_12", good_before_by, 12},
    {"good_after_5", good_after_by, 5},
    {"good_after_12", good_after_by, 12},
    {"text_around_5", text_around, 5},
    {"text_around_12", text_around, 12},
    {NULL, NULL, 0},
};
