/* The facts of features.py; see facts.c. */
#ifndef FACTS_H
#define FACTS_H

#include "sheet.h"

int read_facts(struct facts *facts, PyObject *given);
void forget_facts(struct facts *facts);

#endif
