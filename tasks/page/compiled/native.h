/* The functions of the compiled part, one file each; module.c makes them known to Python. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *forest_sum(PyObject *module, PyObject *args);
PyObject *lexicon(PyObject *module, PyObject *args);
PyObject *walk(PyObject *module, PyObject *args);
