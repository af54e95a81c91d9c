/* Lower case and word characters of the basic plane, learnt once from Python's own tables. */
#include "sheet.h"

uint16_t LOWERED[PLANE];
uint16_t WORD_LETTER[PLANE];

/* re's `\w`: letters, digits, other numbers and the underscore. */
static int is_word(Py_UCS4 code) { return code == '_' || Py_UNICODE_ISALNUM(code); }

void learn_letters(void)
{
    if (LOWERED['A'])
        return;
    for (Py_UCS4 code = 0; code < PLANE; code++) {
        Py_UCS4 low = Py_UNICODE_TOLOWER(code);
        LOWERED[code] = (uint16_t)low;
        WORD_LETTER[code] = is_word(low) ? (uint16_t)low : 0;
    }
    WORD_LETTER[RARE_CAPITAL_I] = WORD_LETTER[RARE_SIGMA] = RARE;
}
