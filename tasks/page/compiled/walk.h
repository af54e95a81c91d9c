/* What the walk knows while it reads a page; walk.c owns it, walk_scan.h reads the characters,
   walk_found.c and walk_runs.c keep what is found. */
#include "names.h"
#include <string.h>

/* vocabulary.py: what to do at a tag, and what else is known of it. */
enum { BLOCK, INLINE, UNSEEN, CELL, BREAK, ANCHOR, STRONG, PICTURE };
enum { VOID = 1, RAW = 2, FOREIGN = 4, APART = 8, ENDLESS = 16, TYPED = 32 };
/* blocks.py: a place is a holder's index and three flags; two characters stand for a cell's border and a line break. */
enum { LINK = 1, BOLD = 2, HIDDEN = 4, FLAGS = 7, SHIFT = 3 };
enum { CELL_MARK = 0x1f, BREAK_MARK = 0x1e };

/* LOST: the markup does not close as it opened; FAILED: a Python exception is set. */
enum { LOST = -2, FAILED = -1, FINE = 0 };

/* Both caches have one place per hash and forget what stood there: wrong guesses cost time, never memory. */
#define TAGS 256
#define NAMES 512

typedef struct {
    Py_ssize_t start, length;
} Span;

typedef struct {
    Span names, identity, style, role, itemprop, href, aria_hidden;
    int count, is_hidden;
} Attributes;

typedef struct {
    Span span;
    PyObject *name;
    uint64_t bit;
    int doing, traits;
} Tag;

typedef struct {
    Span span;
    PyObject *names;
    uint64_t bits;
} Names;

/* An open element; `place` is -1 where nothing is seen. */
typedef struct {
    Span name;
    Py_ssize_t place;
    int traits;
} Open;

/* What is asked of a holder again. */
typedef struct {
    uint64_t bits, above, tags_above;
    Py_ssize_t parent, child; /* the last holder inside it, 0: none yet */
    int depth, doing, traits;
} Box;

/* Characters of the page's own width. */
typedef struct {
    void *chars;
    Py_ssize_t length, room;
} Chars;

typedef struct Walk {
    PyObject *page, *tags, *other, *name_bits, *close, *concealed;
    Lexicon *lexicon;
    PyTypeObject *holder_type, *block_type;
    const char *chars;
    Py_ssize_t length;
    int kind;
    PyObject *holders, *blocks, *hrefs, *doubtful;
    Open *open;
    Py_ssize_t depth, open_room;
    Py_ssize_t foreign, apart; /* depth of the outermost such element, 0: none is open */
    Box *boxes;
    Py_ssize_t box_count, box_room;
    Chars run, words;
    Py_ssize_t current, link_chars, links, bold;
    uint64_t inline_bits;
    PyObject *href;
    PyObject *(*squeezed)(struct Walk *);
    Tag tag_cache[TAGS];
    Names names_cache[NAMES];
} Walk;

static inline int is_same(const Walk *w, Span one, Span other)
{
    return one.length == other.length &&
           !memcmp(w->chars + one.start * w->kind, w->chars + other.start * w->kind, (size_t)(one.length * w->kind));
}

static inline uint64_t hash(const Walk *w, Span span)
{
    return hash_of(w->chars + span.start * w->kind, span.length * w->kind);
}

/* walk_found.c; each is below zero or NULL when it has failed */
int make_room(const Walk *w, Chars *of, Py_ssize_t more);
void *one_more(void *records, Py_ssize_t count, Py_ssize_t *room, size_t size);
const Tag *tag_of(Walk *w, Span name);
int bits_of(Walk *w, PyObject *names, uint64_t *bits);
int add_box(Walk *w, Py_ssize_t parent, const Tag *tag, PyObject *names, uint64_t bits, int flags);
int add_block(Walk *w, PyObject *text);
int add_href(Walk *w, Py_ssize_t start);
/* walk_runs.c */
int add_mark(Walk *w, Py_UCS4 mark);
int close_run(Walk *w);
int turn_to(Walk *w, Py_ssize_t holder);
