/* What repeats on the page: elements of one make, and equal texts. features._repeats and _signatures. */
#include "sheet.h"
#include <math.h>

int begin_firsts(struct firsts *firsts, Py_ssize_t most)
{
    uint64_t slots = 64;
    while (slots < 2 * (uint64_t)most)
        slots *= 2;
    firsts->mask = slots - 1;
    firsts->slots = PyMem_Calloc(slots, sizeof *firsts->slots);
    if (firsts->slots)
        return 0;
    PyErr_NoMemory();
    return -1;
}

int32_t first_like(struct firsts *firsts, uint64_t hash, int32_t item, are_alike alike, const void *context)
{
    for (uint64_t at = mixed(hash);; at++) {
        uint64_t slot = at & firsts->mask;
        if (!firsts->slots[slot].item) {
            firsts->slots[slot].hash = hash;
            firsts->slots[slot].item = item + 1;
            return item;
        }
        if (firsts->slots[slot].hash == hash && alike(context, firsts->slots[slot].item - 1, item))
            return firsts->slots[slot].item - 1;
    }
}

int same_text(PyObject *one, PyObject *other)
{
    if (one == other || one == Py_None || other == Py_None)
        return one == other;
    return PyUnicode_GET_LENGTH(one) == PyUnicode_GET_LENGTH(other) && PyUnicode_KIND(one) == PyUnicode_KIND(other) &&
           !memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other),
                   (size_t)PyUnicode_GET_LENGTH(one) * (size_t)PyUnicode_KIND(one));
}

static int same_block_text(const void *context, int32_t one, int32_t other)
{
    const struct sheet *s = context;
    return same_text(s->text[one], s->text[other]);
}

static int count_copies(struct sheet *s)
{
    struct firsts firsts;
    int32_t *first = taken(s, s->count, sizeof *first), *count = taken(s, s->count, sizeof *count);
    s->copies = taken(s, s->count, sizeof *s->copies);
    s->nth_copy = taken(s, s->count, sizeof *s->nth_copy);
    if (!first || !count || !s->copies || !s->nth_copy || begin_firsts(&firsts, s->count) < 0)
        return -1;
    for (int32_t n = 0; n < s->count; n++) {
        first[n] = first_like(&firsts, (uint64_t)PyObject_Hash(s->text[n]), n, same_block_text, s);
        s->nth_copy[n] = ++count[first[n]];
    }
    for (Py_ssize_t n = 0; n < s->count; n++)
        s->copies[n] = count[first[n]];
    PyMem_Free(firsts.slots);
    return 0;
}

/* Elements by tag and names. */
static int same_make(const void *context, int32_t one, int32_t other)
{
    PyObject *a = PyList_GET_ITEM((PyObject *)context, one), *b = PyList_GET_ITEM((PyObject *)context, other);
    return same_text(PyTuple_GET_ITEM(a, 2), PyTuple_GET_ITEM(b, 2)) &&
           same_text(PyTuple_GET_ITEM(a, 3), PyTuple_GET_ITEM(b, 3));
}

static uint64_t make_hash(PyObject *holder)
{
    return mixed((uint64_t)PyObject_Hash(PyTuple_GET_ITEM(holder, 2))) ^
           (uint64_t)PyObject_Hash(PyTuple_GET_ITEM(holder, 3));
}

struct makes {
    const int32_t *make, *parent;
};

static int same_pair(const void *context, int32_t one, int32_t other)
{
    const struct makes *m = context;
    return m->make[one] == m->make[other] && m->make[m->parent[one]] == m->make[m->parent[other]];
}

static uint64_t pair_hash(const struct sheet *s, const int32_t *make, int32_t at)
{
    return mixed(s->facts->seed ^ ((uint64_t)make[at] << 32 | (uint64_t)make[s->parent[at]]));
}

/* For each holder the first one of equal tag and names with a parent of equal tag and names. */
static int find_kin(const struct sheet *s, PyObject *holders, int32_t *make, int32_t *kin)
{
    struct firsts makes = {0}, pairs = {0};
    struct makes context = {make, s->parent};
    int failed = begin_firsts(&makes, s->holder_count) < 0 || begin_firsts(&pairs, s->holder_count) < 0;
    for (int32_t at = 0; !failed && at < s->holder_count; at++)
        make[at] = first_like(&makes, make_hash(PyList_GET_ITEM(holders, at)), at, same_make, holders);
    for (int32_t at = 0; !failed && at < s->holder_count; at++)
        kin[at] = first_like(&pairs, pair_hash(s, make, at), at, same_pair, &context);
    PyMem_Free(makes.slots);
    PyMem_Free(pairs.slots);
    return failed ? -1 : 0;
}

static void add_up_kin(struct sheet *s, const int32_t *kin)
{
    const struct top *half = &s->tops[BY_HALF];
    for (Py_ssize_t n = 0; n < s->count; n++) {
        int32_t at = s->kin[n] = kin[s->holder[n]];
        s->kin_count[at]++;
        s->kin_length[at] += log1pf(s->length[n]);
        s->kin_link[at] += s->link_share[n];
        s->kin_good[at] += s->is_good[n];
        s->kin_word_score[at] += s->word_score[n];
        s->kin_name_score[at] += s->name_score[n];
        s->kin_half[at] += half->first[0] <= n && n < half->last[0];
    }
}

int find_repeats(struct sheet *s, PyObject *holders)
{
    int32_t *make = taken(s, s->holder_count, sizeof *make), *kin = taken(s, s->holder_count, sizeof *kin);
    s->kin = taken(s, s->count, sizeof *s->kin);
    s->kin_count = taken(s, s->holder_count, sizeof *s->kin_count);
    s->kin_length = taken(s, s->holder_count, sizeof *s->kin_length);
    s->kin_link = taken(s, s->holder_count, sizeof *s->kin_link);
    s->kin_good = taken(s, s->holder_count, sizeof *s->kin_good);
    s->kin_half = taken(s, s->holder_count, sizeof *s->kin_half);
    s->kin_word_score = taken(s, s->holder_count, sizeof *s->kin_word_score);
    s->kin_name_score = taken(s, s->holder_count, sizeof *s->kin_name_score);
    if (!make || !kin || !s->kin || !s->kin_count || !s->kin_length || !s->kin_link || !s->kin_good || !s->kin_half ||
        !s->kin_word_score || !s->kin_name_score)
        return -1;
    if (find_kin(s, holders, make, kin) < 0 || count_copies(s) < 0)
        return -1;
    add_up_kin(s, kin);
    return 0;
}

COLUMN(alike, log1p(fmin(s->kin_count[s->kin[n]], s->facts->most_blocks)))
COLUMN(alike_length, s->kin_length[s->kin[n]] / s->kin_count[s->kin[n]])
COLUMN(alike_link, s->kin_link[s->kin[n]] / s->kin_count[s->kin[n]])
COLUMN(alike_good, s->kin_good[s->kin[n]] / s->kin_count[s->kin[n]])
COLUMN(alike_half, s->kin_half[s->kin[n]] / s->kin_count[s->kin[n]])
COLUMN(alike_word_score, s->kin_word_score[s->kin[n]] / s->kin_count[s->kin[n]])
COLUMN(alike_name_score, s->kin_name_score[s->kin[n]] / s->kin_count[s->kin[n]])
COLUMN(copies, s->copies[n])
COLUMN(nth_copy, s->nth_copy[n])

const struct named_column REPEAT_COLUMNS[] = {
    {"alike", alike, 0},
    {"alike_length", alike_length, 0},
    {"alike_link", alike_link, 0},
    {"alike_good", alike_good, 0},
    {"alike_half", alike_half, 0},
    {"alike_word_score", alike_word_score, 0},
    {"alike_name_score", alike_name_score, 0},
    {"copies", copies, 0},
    {"nth_copy", nth_copy, 0},
    {NULL, NULL, 0},
};
