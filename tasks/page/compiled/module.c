#include "native.h"

static PyMethodDef methods[] = {
    {"forest_sum", forest_sum, METH_VARARGS, "forest_sum(columns, feature, border, leaf, out): see trees.py"},
    {"lexicon", lexicon, METH_VARARGS, "lexicon(words, stems, …): see vocabulary.py"},
    {"walk", walk, METH_VARARGS, "walk(page, …): see blocks.py"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Inner loops of the cleaner; see the package's docstring.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
