/* The vocabulary of class names, as names.c keeps it. */
#include "native.h"
#include <stdint.h>

#define LEXICON "tasks.page.compiled.lexicon"
#define LONGEST_NAME 256

typedef struct Lexicon Lexicon;

/* The groups of some names, parted by white space and written in ASCII. */
uint64_t names_bits(const Lexicon *lexicon, const unsigned char *names, Py_ssize_t length);
