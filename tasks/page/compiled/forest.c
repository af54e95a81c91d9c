/* The raw sums of a forest of symmetric trees: what `trees.Forest._sum` computes with arrays. */
#include "native.h"
#include <stdint.h>

/* Blocks judged together: their partial leaf numbers stay in the first-level cache. */
#define TILE 256

static int sizes_agree(const Py_buffer *columns, const Py_buffer *feature, const Py_buffer *border,
                       const Py_buffer *leaf, const Py_buffer *out, Py_ssize_t depth)
{
    Py_ssize_t count = out->len / 4, trees;
    if (depth < 1 || depth > 8 || count < 1 || feature->len % (2 * depth))
        return 0;
    trees = feature->len / (2 * depth);
    if (border->len != trees * depth * 4 || leaf->len != trees * ((Py_ssize_t)4 << depth))
        return 0;
    if (columns->len % (4 * count))
        return 0;
    for (Py_ssize_t n = 0; n < trees * depth; n++) {
        int16_t row = ((const int16_t *)feature->buf)[n];
        if (row < 0 || row >= columns->len / (4 * count))
            return 0;
    }
    return 1;
}

static void add_up(const float *columns, const int16_t *feature, const float *border, const float *leaf, float *out,
                   Py_ssize_t count, Py_ssize_t trees, Py_ssize_t depth)
{
    for (Py_ssize_t start = 0; start < count; start += TILE) {
        Py_ssize_t tile = count - start < TILE ? count - start : TILE;
        for (Py_ssize_t tree = 0; tree < trees; tree++) {
            uint8_t number[TILE] = {0};
            for (Py_ssize_t level = 0; level < depth; level++) {
                const float *row = columns + feature[tree * depth + level] * count + start;
                float limit = border[tree * depth + level];
                uint8_t bit = (uint8_t)(1 << level);
                for (Py_ssize_t n = 0; n < tile; n++)
                    number[n] |= row[n] > limit ? bit : 0;
            }
            const float *leaves = leaf + (tree << depth);
            for (Py_ssize_t n = 0; n < tile; n++)
                out[start + n] += leaves[number[n]];
        }
    }
}

/* forest_sum(columns, feature, border, leaf, depth, out): contiguous float32 rows × blocks, int16 and float32
   trees × depth, float32 trees × 2^depth; adds each block's sum to `out`. */
PyObject *forest_sum(PyObject *module, PyObject *args)
{
    Py_buffer columns, feature, border, leaf, out;
    Py_ssize_t depth;
    int fits;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*nw*", &columns, &feature, &border, &leaf, &depth, &out))
        return NULL;
    fits = sizes_agree(&columns, &feature, &border, &leaf, &out, depth);
    if (fits)
        add_up(columns.buf, feature.buf, border.buf, leaf.buf, out.buf, out.len / 4, feature.len / (2 * depth), depth);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&feature);
    PyBuffer_Release(&border);
    PyBuffer_Release(&leaf);
    PyBuffer_Release(&out);
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "the forest's arrays do not fit each other");
        return NULL;
    }
    Py_RETURN_NONE;
}
