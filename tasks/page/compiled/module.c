#include "native.h"

static PyMethodDef methods[] = {
    {"columns", columns, METH_VARARGS, "columns(names, facts): see features.py"},
    {"features", features, METH_VARARGS,
     "features(columns, holders, blocks, titles, description, body, rows): see features.py"},
    {"forest_sum", forest_sum, METH_VARARGS, "forest_sum(columns, feature, border, leaf, out): see trees.py"},
    {"lexicon", lexicon, METH_VARARGS, "lexicon(words, stems, …): see vocabulary.py"},
    {"nesting", nesting, METH_VARARGS, "nesting(markup, unclosed): see parse.py"},
    {"walk", walk, METH_VARARGS, "walk(page, …): see blocks.py"},
    {"prompt_bits", (PyCFunction)(void (*)(void))prompt_bits, METH_FASTCALL,
     "prompt_bits(prompts, text): see prompts.py"},
    {"prompts", prompts, METH_VARARGS, "prompts(table, stripped): see prompts.py"},
    {"reasons", reasons, METH_VARARGS,
     "reasons(tables, holders, blocks, kept, body, titles, lengths, description): see reasons.py"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Inner loops of the cleaner; see the package's docstring.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
