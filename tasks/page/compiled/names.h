/* The vocabulary of class names, as names.c keeps it. */
#include "native.h"
#include <stdint.h>
#include <string.h>

#define LEXICON "tasks.page.compiled.lexicon"
#define LONGEST_NAME 256

typedef struct Lexicon Lexicon;

/* A number for some bytes: eight at a time, mixed by 2^64 divided by the golden ratio (Knuth, 6.4). */
static inline uint64_t hash_of(const void *bytes, Py_ssize_t size)
{
    const char *at = bytes;
    uint64_t mixed = (uint64_t)size, piece;
    for (; size > 0; at += 8, size -= 8) {
        piece = 0;
        memcpy(&piece, at, size < 8 ? (size_t)size : 8);
        mixed = (mixed ^ piece) * 0x9e3779b97f4a7c15u;
        mixed ^= mixed >> 32;
    }
    return mixed;
}

/* The groups of some names, parted by white space and written in ASCII. */
uint64_t names_bits(Lexicon *lexicon, const unsigned char *names, Py_ssize_t length);
