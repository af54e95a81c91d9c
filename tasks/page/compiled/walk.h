/* What the walk knows while it reads a page; walk.c owns it, walk_scan.h reads the characters. */
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
#define TAGS 64
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
    uint64_t above, tags_above;
    Py_ssize_t parent;
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
    int kind, is_doubtful;
    PyObject *holders, *blocks, *hrefs;
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
