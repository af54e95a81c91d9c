/* Characters by kind, and how blocks begin and end: what characters.py, features._sheet and features._ends do. */
#include "sheet.h"
#include <math.h>

#define COUNT_KINDS(type)                                                                                             \
    for (Py_ssize_t n = 0; n < size; n++) {                                                                           \
        Py_UCS4 code = ((const type *)letters)[n];                                                                    \
        found[n & 1][kind_of[code < PLANE ? code : PLANE - 1]]++;                                                     \
    }

static void count_kinds(const unsigned char *kind_of, PyObject *text, float *counts)
{
    /* Two tables in turn: most neighbours are of one kind, and each count would wait for the one before. */
    uint32_t found[2][KIND_COUNT] = {{0}};
    const void *letters = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND: COUNT_KINDS(Py_UCS1) break;
    case PyUnicode_2BYTE_KIND: COUNT_KINDS(Py_UCS2) break;
    default: COUNT_KINDS(Py_UCS4) break;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++)
        counts[kind] = (float)(found[0][kind] + found[1][kind]);
}

/* Whether a text ends in an ellipsis, also one in brackets: features._ends. */
static int is_cut_off(PyObject *text)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    if (PyUnicode_READ_CHAR(text, size - 1) == ']')
        size--;
    if (size && PyUnicode_READ_CHAR(text, size - 1) == 0x2026)
        return 1;
    return size >= 3 && PyUnicode_READ_CHAR(text, size - 1) == '.' && PyUnicode_READ_CHAR(text, size - 2) == '.' &&
           PyUnicode_READ_CHAR(text, size - 3) == '.';
}

int read_characters(struct sheet *s)
{
    const struct facts *facts = s->facts;
    float least = (float)facts->good_length, most = (float)facts->most_weight, wide = (float)facts->wide_char;
    for (Py_ssize_t n = 0; n < s->count; n++) {
        count_kinds(facts->kind_of, s->text[n], s->kinds[n]);
        s->length[n] = (float)s->size[n] + wide * s->kinds[n][WIDE];
        s->link_share[n] = s->link[n] / s->size[n];
        s->is_good[n] = s->length[n] >= least && s->link_share[n] < facts->most_linked;
        s->weight[n] = s->is_good[n] ? (s->length[n] < most ? s->length[n] : most) : 0;
        s->start[n] = PyUnicode_READ_CHAR(s->text[n], 0);
        s->end[n] = PyUnicode_READ_CHAR(s->text[n], PyUnicode_GET_LENGTH(s->text[n]) - 1);
        s->ends_cut_off[n] = (unsigned char)is_cut_off(s->text[n]);
    }
    return 0;
}

#define KIND(kind) s->kinds[n][kind]
#define LETTERS (KIND(LOWER) + KIND(UPPER) + KIND(WIDE))
#define KIND_OF(code) s->facts->kind_of[(code) < PLANE ? (code) : PLANE - 1]

COLUMN(length, log1pf(s->length[n]))
COLUMN(words, log1pf(KIND(SPACE) + KIND(WIDE)))
COLUMN(mean_word, s->length[n] / (KIND(SPACE) + 1))
COLUMN(link_share, s->link_share[n])
COLUMN(links, s->links[n])
COLUMN(bold_share, s->bold[n] / s->size[n])
COLUMN(kind_count, KIND(argument))
COLUMN(kind_share, KIND(argument) / at_least_1(s->length[n]))
COLUMN(upper, KIND(UPPER) / at_least_1(LETTERS))
COLUMN(letters, LETTERS / at_least_1(s->length[n]))
COLUMN(is_broken, s->is_broken[n])
COLUMN(is_good, s->is_good[n])
COLUMN(end_kind, KIND_OF(s->end[n]))
COLUMN(start_kind, KIND_OF(s->start[n]))
COLUMN(ends_colon, s->end[n] == ':' || s->end[n] == 0xFF1A)
COLUMN(ends_question, s->end[n] == '?' || s->end[n] == 0xFF1F)
COLUMN(ends_ellipsis, s->ends_cut_off[n])

const struct named_column CHARACTER_COLUMNS[] = {
    {"length", length, 0},
    {"words", words, 0},
    {"mean_word", mean_word, 0},
    {"link_share", link_share, 0},
    {"links", links, 0},
    {"bold_share", bold_share, 0},
    {"stops", kind_count, STOP},
    {"commas", kind_share, COMMA},
    {"stop_share", kind_share, STOP},
    {"digits", kind_share, DIGIT},
    {"upper", upper, 0},
    {"quotes", kind_share, QUOTE},
    {"marks", kind_share, MARK},
    {"others", kind_share, OTHER},
    {"letters", letters, 0},
    {"is_broken", is_broken, 0},
    {"is_good", is_good, 0},
    {"end_kind", end_kind, 0},
    {"start_kind", start_kind, 0},
    {"ends_colon", ends_colon, 0},
    {"ends_question", ends_question, 0},
    {"ends_ellipsis", ends_ellipsis, 0},
    {NULL, NULL, 0},
};
