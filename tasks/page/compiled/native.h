/* The functions of the compiled part, one file each; module.c makes them known to Python. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *columns(PyObject *module, PyObject *args);
PyObject *features(PyObject *module, PyObject *args);
PyObject *forest_sum(PyObject *module, PyObject *args);
PyObject *lexicon(PyObject *module, PyObject *args);
PyObject *nesting(PyObject *module, PyObject *args);
PyObject *walk(PyObject *module, PyObject *args);
PyObject *prompt_bits(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *prompts(PyObject *module, PyObject *args);
PyObject *reasons(PyObject *module, PyObject *args);
