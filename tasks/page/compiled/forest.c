/* The raw sums of a forest of symmetric trees: what `trees.Forest._sum` computes with arrays. */
#include "native.h"
#include <stdint.h>

/* Blocks judged together. A constant, so that the loops over them have no remainder and become vector instructions; the
   last tile is filled up with blocks of zeros. */
#define TILE 64

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

/* Adds the answers of one level to the numbers of the leaves. Arithmetic, not a condition: a branch would be guessed
   wrong half the time; and numbers as wide as the answers, so that nothing needs packing. Not inlined, because GCC then
   folds two levels into one loop that it cannot turn into vector instructions: three times slower. */
__attribute__((noinline)) static void ask(const float *restrict row, float limit, int32_t bit, int32_t *restrict number)
{
    for (int n = 0; n < TILE; n++)
        number[n] |= -(row[n] > limit) & bit;
}

/* Adds one tree's leaves to the sums of a tile. */
static void add_tree(const float *tile, const int16_t *feature, const float *border, const float *leaf, Py_ssize_t depth,
                     float *restrict sum)
{
    int32_t number[TILE] = {0};
    for (Py_ssize_t level = 0; level < depth; level++)
        ask(tile + feature[level] * TILE, border[level], 1 << level, number);
    for (int n = 0; n < TILE; n++)
        sum[n] += leaf[number[n]];
}

static void copy_tile(const float *columns, Py_ssize_t rows, Py_ssize_t count, Py_ssize_t start, Py_ssize_t size,
                      float *tile)
{
    for (Py_ssize_t row = 0; row < rows; row++)
        memcpy(tile + row * TILE, columns + row * count + start, (size_t)size * sizeof *tile);
}

/* 0, or -1 with an error set. */
static int add_up(const float *columns, Py_ssize_t rows, const int16_t *feature, const float *border, const float *leaf,
                  float *out, Py_ssize_t count, Py_ssize_t trees, Py_ssize_t depth)
{
    float *tile = PyMem_Calloc((size_t)(rows * TILE), sizeof *tile);
    if (!tile) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t start = 0; start < count; start += TILE) {
        Py_ssize_t size = count - start < TILE ? count - start : TILE;
        float sum[TILE] = {0};
        copy_tile(columns, rows, count, start, size, tile);
        for (Py_ssize_t tree = 0; tree < trees; tree++)
            add_tree(tile, feature + tree * depth, border + tree * depth, leaf + (tree << depth), depth, sum);
        for (Py_ssize_t n = 0; n < size; n++)
            out[start + n] += sum[n];
    }
    PyMem_Free(tile);
    return 0;
}

/* forest_sum(columns, feature, border, leaf, depth, out): contiguous float32 rows × blocks, int16 and float32
   trees × depth, float32 trees × 2^depth; adds each block's sum to `out`. */
PyObject *forest_sum(PyObject *module, PyObject *args)
{
    Py_buffer columns, feature, border, leaf, out;
    Py_ssize_t depth;
    int fits, failed = 1;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*nw*", &columns, &feature, &border, &leaf, &depth, &out))
        return NULL;
    fits = sizes_agree(&columns, &feature, &border, &leaf, &out, depth);
    if (fits)
        failed = add_up(columns.buf, columns.len / out.len, feature.buf, border.buf, leaf.buf, out.buf, out.len / 4,
                        feature.len / (2 * depth), depth) < 0;
    else
        PyErr_SetString(PyExc_ValueError, "the forest's arrays do not fit each other");
    PyBuffer_Release(&columns);
    PyBuffer_Release(&feature);
    PyBuffer_Release(&border);
    PyBuffer_Release(&leaf);
    PyBuffer_Release(&out);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}
