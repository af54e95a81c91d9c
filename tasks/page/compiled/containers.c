/* The containers that rival scorers choose, and the densest run of blocks: features._containers and _span. */
#include "sheet.h"

/* The holder with the most; the first of equals. */
static int32_t most(const struct sheet *s, double (*score)(const struct sheet *, int32_t))
{
    int32_t best = 0;
    double best_score = score(s, 0);
    for (int32_t at = 1; at < s->holder_count; at++) {
        double now = score(s, at);
        if (now > best_score) {
            best = at;
            best_score = now;
        }
    }
    return best;
}

static double as_article(const struct sheet *s, int32_t at)
{
    return s->tag[at] == s->facts->article || s->tag[at] == s->facts->main ? s->in_weight[at] : 0;
}

static double as_body(const struct sheet *s, int32_t at)
{
    return s->bits[at] & s->facts->for_body ? s->in_weight[at] * (1 + 0.02 * s->depth[at]) : 0;
}

static double deepest_with(const struct sheet *s, int32_t at, float share)
{
    return s->in_weight[at] >= share * s->in_weight[0] ? s->depth[at] : -1;
}

static double as_half(const struct sheet *s, int32_t at) { return deepest_with(s, at, 0.5f); }
static double as_most(const struct sheet *s, int32_t at) { return deepest_with(s, at, 0.8f); }

/* Whether a block stands where no body does. */
static int is_against(const struct sheet *s, int32_t holder)
{
    return s->bits[holder] & s->facts->against_names || s->tags_above[holder] & s->facts->against_tags;
}

/* Readability's scorer: a paragraph speaks for its parent, half as much for the next, a third for the one above. */
static int top_by_paragraphs(struct sheet *s, int32_t *best)
{
    static const float SHARES[] = {1, 0.5f, 0.33f};
    double *score = PyMem_Calloc((size_t)s->holder_count, sizeof *score);
    if (!score) {
        PyErr_NoMemory();
        return -1;
    }
    for (int level = 0; level < 3; level++)
        for (Py_ssize_t n = 0; n < s->count; n++) {
            int32_t at = s->parent[s->holder[n]];
            if (is_against(s, s->holder[n]))
                continue;
            for (int climbed = 0; climbed < level; climbed++)
                at = s->parent[at];
            score[at] += s->weight[n] * SHARES[level];
        }
    *best = 0;
    for (int32_t at = 1; at < s->holder_count; at++)
        if (score[at] > score[*best])
            *best = at;
    PyMem_Free(score);
    return 0;
}

static void describe_top(struct sheet *s, int which, int32_t holder)
{
    struct top *top = &s->tops[which];
    top->depth = s->depth[holder];
    top->share = s->in_weight[holder] / at_least_1(s->in_weight[0]);
    for (int level = 0; level < MOST_STEPS; level++) {
        top->first[level] = s->first[holder];
        top->last[level] = s->last[holder];
        holder = s->parent[holder];
    }
}

/* The contiguous run of blocks with the most good text (maximum subarray); sums in single precision, as there. */
static void find_span(struct sheet *s)
{
    float sum = 0, lowest = 0, cost = (float)s->facts->span_cost;
    double best = 0;
    Py_ssize_t lowest_at = 0;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        sum += s->is_good[n] ? s->weight[n] : -cost;
        if (sum < lowest) {
            lowest = sum;
            lowest_at = n + 1;
        }
        if ((double)sum - lowest > best) {
            best = (double)sum - lowest;
            s->span_start = lowest_at;
            s->span_end = n + 1;
        }
    }
}

int choose_containers(struct sheet *s)
{
    int32_t by_paragraphs;
    if (top_by_paragraphs(s, &by_paragraphs) < 0)
        return -1;
    describe_top(s, BY_PARAGRAPHS, by_paragraphs);
    describe_top(s, BY_HALF, most(s, as_half));
    describe_top(s, BY_MOST, most(s, as_most));
    describe_top(s, BY_ARTICLE, most(s, as_article));
    describe_top(s, BY_BODY, most(s, as_body));
    find_span(s);
    return 0;
}

static inline int is_in(const struct top *top, Py_ssize_t n, int level)
{
    return top->first[level] <= n && n < top->last[level];
}

static int votes_for(const struct sheet *s, Py_ssize_t n)
{
    int votes = 0;
    for (int which = 0; which < TOP_COUNT; which++)
        votes += is_in(&s->tops[which], n, 0);
    return votes;
}

static int steps_to(const struct top *top, Py_ssize_t n)
{
    int steps = 0;
    while (steps < MOST_STEPS && !is_in(top, n, steps))
        steps++;
    return steps;
}

static double share_of_range(const struct top *top, Py_ssize_t n)
{
    Py_ssize_t size = top->last[0] - top->first[0];
    return (double)(n - top->first[0]) / (double)(size > 1 ? size : 1);
}

#define TOP (&s->tops[argument])
COLUMN(in_top, is_in(TOP, n, 0))
COLUMN(at_top, share_of_range(TOP, n))
COLUMN(steps_top, steps_to(TOP, n))
COLUMN(share_top, TOP->share)
COLUMN(below_top, is_in(TOP, n, 0) ? s->depth[s->holder[n]] - TOP->depth : -1)
COLUMN(container_votes, votes_for(s, n))
COLUMN(in_span, s->span_start <= n && n < s->span_end)
COLUMN(from_span_start, within(n - s->span_start, -50, 300))
COLUMN(to_span_end, within(s->span_end - n, -50, 300))

/* `in_body` of features._containers gives way to that of features._head. */
#define CONTAINER(name, which)                                                                                        \
    {"at_" name, at_top, which}, {"steps_" name, steps_top, which}, {"share_" name, share_top, which},                \
        {"below_" name, below_top, which}

const struct named_column CONTAINER_COLUMNS[] = {
    {"in_paragraphs", in_top, BY_PARAGRAPHS},
    {"in_half", in_top, BY_HALF},
    {"in_most", in_top, BY_MOST},
    {"in_article", in_top, BY_ARTICLE},
    CONTAINER("paragraphs", BY_PARAGRAPHS),
    CONTAINER("half", BY_HALF),
    CONTAINER("most", BY_MOST),
    CONTAINER("article", BY_ARTICLE),
    CONTAINER("body", BY_BODY),
    {"container_votes", container_votes, 0},
    {"in_span", in_span, 0},
    {"from_span_start", from_span_start, 0},
    {"to_span_end", to_span_end, 0},
    {NULL, NULL, 0},
};
