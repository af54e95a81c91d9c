/* The page as arrays, the facts that its columns are made with, and what the column files share.

   `sheet` is features.Sheet with one array per quantity; `facts` are the tables and numbers of features.py, handed over
   by features._facts. Arithmetic is done in the type that the arrays of features.py have at that place, so that both
   give the same numbers. */
#ifndef SHEET_H
#define SHEET_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* characters.py's kinds of characters, in its order. */
enum { OTHER, LOWER, UPPER, DIGIT, SPACE, STOP, COMMA, WIDE, QUOTE, MARK, KIND_COUNT };
/* Basic plane: code points beyond are looked up as its last one, as characters.py does. */
#define PLANE 0x10000
/* The rival containers, in the order of features._containers. */
enum { BY_PARAGRAPHS, BY_HALF, BY_MOST, BY_ARTICLE, BY_BODY, TOP_COUNT };
/* Levels climbed from a container at most (features._steps). */
#define MOST_STEPS 8
/* Prompt groups that `since_…` columns follow. */
enum { SINCE_RELATED, SINCE_SIGN_UP, SINCE_COMMENTS, SINCE_BIO, SINCE_COUNT };
#define NEVER (-1)

struct prompts;

/* wording.py's tables: 2^WORDING_BITS weights each, borrowed from the facts' bytes. */
#define WORDING_BITS 17
struct wording {
    const int8_t *words, *names;
    double words_scale, names_scale, words_bias, names_bias;
};

struct facts {
    unsigned char kind_of[PLANE];
    /* Owned. */
    PyObject *tag_numbers, *groups, *place_tags, *prompt_groups, *shared, *at_heading, *prompts, *scored_words,
        *scored_names;
    struct wording wording;
    double good_length, most_weight, wide_char, most_linked, most_text, most_blocks, span_cost, longest_title;
    int64_t against_names, against_tags, for_body, headings, h1, hidden, article, main;
    int64_t since[SINCE_COUNT];
    uint64_t seed; /* differs in each process, so that no page can be made to collide in our tables */
};

struct top {
    Py_ssize_t first[MOST_STEPS], last[MOST_STEPS]; /* of the container itself, and of those around it */
    int32_t depth;
    float share;
};

struct sheet {
    const struct facts *facts;
    Py_ssize_t count, holder_count;
    void *owned[64];
    int owned_count;

    /* One per block. */
    PyObject **text; /* borrowed */
    int32_t *holder;
    float *length, *link, *links, *bold, *weight;
    double *size, *link_share; /* size: code points, at least 1 */
    int64_t *inline_bits;
    unsigned char *is_broken, *is_good, *ends_cut_off;
    Py_UCS4 *start, *end;
    float (*kinds)[KIND_COUNT];

    /* One per holder. */
    int32_t *parent, *depth, *first, *last;
    int16_t *tag;
    unsigned char *flags;
    int64_t *bits, *above, *tags_above;
    float *in_text, *in_link, *in_weight, *in_good; /* sums over the blocks inside */

    /* Sums over the blocks before; one more than blocks. */
    double *text_before, *weight_before;
    float text_total, link_total, weight_total, wide_total; /* totals of text and weight are at least 1 */

    struct top tops[TOP_COUNT];
    Py_ssize_t span_start, span_end;

    float *likeness, *cover, *described, *in_body;
    Py_ssize_t body_length, first_title, last_title, first_h1, h1_count; /* NEVER where there is none */

    int64_t *says;
    float *says_length;

    float *word_score, *name_score, *word_known, *name_known;
    double *word_score_before, *name_score_before; /* sums over the blocks before; one more than blocks */
    float *in_word_score, *in_name_score;          /* of each holder: sums over the blocks inside, times length */

    int32_t *kin;                             /* of each block: a number shared with those alike */
    double *kin_count, *kin_length, *kin_link, *kin_good, *kin_half, *kin_word_score,
        *kin_name_score; /* by that number */
    int32_t *copies, *nth_copy;
};

/* Writes one column. */
typedef void (*fill_column)(const struct sheet *sheet, int argument, float *out);
/* Writes one column that is made of another. */
typedef void (*derive_column)(const struct sheet *sheet, int argument, const float *base, float *out);

struct named_column {
    const char *name;
    fill_column fill;
    int argument;
};

/* Columns by name; each ends with a nameless one. */
extern const struct named_column CHARACTER_COLUMNS[], PLACE_COLUMNS[], CONTAINER_COLUMNS[], HEAD_COLUMNS[],
    PROMPT_COLUMNS[], SCORE_COLUMNS[], HEADING_COLUMNS[], REPEAT_COLUMNS[], WINDOW_COLUMNS[];
/* Columns by bit: the argument is the bit. */
void fill_inline_bit(const struct sheet *, int, float *), fill_own_bit(const struct sheet *, int, float *),
    fill_near_bit(const struct sheet *, int, float *), fill_above_bit(const struct sheet *, int, float *),
    fill_tag_bit(const struct sheet *, int, float *), fill_says_bit(const struct sheet *, int, float *);
/* Columns of neighbours: the argument is the step. */
void fill_same_parent(const struct sheet *, int, float *), fill_same_holder(const struct sheet *, int, float *);
void derive_shifted(const struct sheet *, int, const float *, float *),
    derive_at_heading(const struct sheet *, int, const float *, float *);

/* The steps that make a sheet: 0, or -1 with an error set. */
int read_outline(struct sheet *sheet, PyObject *holders, PyObject *blocks);
int read_characters(struct sheet *sheet);
int add_up_places(struct sheet *sheet);
int choose_containers(struct sheet *sheet);
int read_head(struct sheet *sheet, PyObject *titles, PyObject *description, PyObject *body);
int read_prompts(struct sheet *sheet);
int read_scores(struct sheet *sheet, PyObject *holders);
int find_repeats(struct sheet *sheet, PyObject *holders);

/* Zeroed memory that lives as long as the sheet; NULL with an error set. */
void *taken(struct sheet *sheet, Py_ssize_t count, size_t size);
void give_back(struct sheet *sheet);

/* Case and words as Python's `str.lower` and `re`'s `\w` see them. */
#define RARE_CAPITAL_I 0x130 /* lowers to two characters */
#define RARE_SIGMA 0x3A3     /* lowers by its place in the word */
extern uint16_t LOWERED[PLANE];
extern uint16_t WORD_LETTER[PLANE]; /* lowered, 0 where it is no part of a word, RARE where str.lower must be asked */
#define RARE 1
void learn_letters(void);
static inline Py_UCS4 lowered(Py_UCS4 code) { return code < PLANE ? LOWERED[code] : Py_UNICODE_TOLOWER(code); }
static inline Py_UCS4 word_letter(Py_UCS4 code)
{
    if (code < PLANE)
        return WORD_LETTER[code];
    code = Py_UNICODE_TOLOWER(code);
    return Py_UNICODE_ISALNUM(code) ? code : 0;
}

/* The groups of the phrase that begins a line, and its length (prompts.prompt_bits); -1 with an error set. */
int match_prompt(const struct prompts *prompts, PyObject *text, int64_t *bits, Py_ssize_t *length);
const struct prompts *prompts_in(PyObject *capsule);

/* A table from things to the first of their like. */
struct firsts {
    struct {
        uint64_t hash;
        int32_t item; /* + 1; 0: free */
    } *slots;
    uint64_t mask;
};
typedef int (*are_alike)(const void *context, int32_t one, int32_t other);
int begin_firsts(struct firsts *firsts, Py_ssize_t most);
int32_t first_like(struct firsts *firsts, uint64_t hash, int32_t item, are_alike alike, const void *context);
int same_text(PyObject *one, PyObject *other);
/* Spreads a hash or a pair of numbers over 64 bits. */
static inline uint64_t mixed(uint64_t number)
{
    number = (number ^ (number >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    number = (number ^ (number >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    return number ^ (number >> 32);
}

static inline float at_least_1(float number) { return number > 1 ? number : 1; }
static inline Py_ssize_t within(Py_ssize_t number, Py_ssize_t low, Py_ssize_t high)
{
    return number < low ? low : number > high ? high : number;
}

/* Defines a column as an expression of block `n` of sheet `s`. */
#define COLUMN(name, expression)                                                                                      \
    static void name(const struct sheet *s, int argument, float *out)                                                 \
    {                                                                                                                 \
        (void)argument;                                                                                               \
        for (Py_ssize_t n = 0; n < s->count; n++)                                                                     \
            out[n] = (float)(expression);                                                                             \
    }

#endif
