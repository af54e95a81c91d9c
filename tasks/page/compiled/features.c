/* The columns of a page's blocks: what features._filled computes with arrays.

   A plan is made once for the names that a model asks for: one row each, and behind them those that others are made of
   ("length+1" of "length"). For each page the outline is read into a sheet, and each row is filled from it. */
#include "facts.h"
#include "native.h"

#define NAME "wirehouse.columns"
#define MOST_STEP 3

struct column {
    fill_column fill;     /* either this */
    derive_column derive; /* or this, from column `base` */
    int argument;
    Py_ssize_t base;
};

struct plan {
    struct facts facts;
    Py_ssize_t wanted, count, room;
    struct column *columns;
    PyObject *names; /* list, of wanted and others; only while it is made */
};

static const struct named_column *const TABLES[] = {
    CHARACTER_COLUMNS, PLACE_COLUMNS,   CONTAINER_COLUMNS, HEAD_COLUMNS,
    PROMPT_COLUMNS,    SCORE_COLUMNS, HEADING_COLUMNS, REPEAT_COLUMNS, WINDOW_COLUMNS,
};
#define TABLE_COUNT (sizeof TABLES / sizeof *TABLES)

/* ---------------------------------------------------------------- names to columns */

static const struct named_column *named(const char *name)
{
    for (size_t table = 0; table < TABLE_COUNT; table++)
        for (const struct named_column *at = TABLES[table]; at->name; at++)
            if (!strcmp(at->name, name))
                return at;
    return NULL;
}

static Py_ssize_t place_in(PyObject *names, const char *name)
{
    for (Py_ssize_t n = 0; n < PyTuple_GET_SIZE(names); n++)
        if (!PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, n), name))
            return n;
    return -1;
}

/* "own_related": a bit by the name of its group. */
static int is_bit(const struct facts *facts, const char *name, struct column *column)
{
    const struct {
        const char *prefix;
        PyObject *names;
        fill_column fill;
    } families[] = {
        {"inline_", facts->groups, fill_inline_bit}, {"own_", facts->groups, fill_own_bit},
        {"near_", facts->groups, fill_near_bit},     {"above_", facts->groups, fill_above_bit},
        {"in_", facts->place_tags, fill_tag_bit},    {"says_", facts->prompt_groups, fill_says_bit},
    };
    for (size_t n = 0; n < sizeof families / sizeof *families; n++) {
        size_t length = strlen(families[n].prefix);
        Py_ssize_t bit = strncmp(name, families[n].prefix, length) ? -1 : place_in(families[n].names, name + length);
        if (bit < 0)
            continue;
        column->fill = families[n].fill;
        column->argument = (int)bit;
        return 1;
    }
    return 0;
}

static Py_ssize_t column_of(struct plan *plan, const char *name);

/* "length+1", "same_parent-2", "heading_link_share". */
static int is_derived(struct plan *plan, const char *name, struct column *column)
{
    size_t length = strlen(name);
    char base[64];
    if (!strncmp(name, "heading_", 8) && place_in(plan->facts.at_heading, name + 8) >= 0) {
        column->derive = derive_at_heading;
        column->base = column_of(plan, name + 8);
        return column->base >= 0;
    }
    if (length < 3 || length >= sizeof base || !strchr("+-", name[length - 2]) || name[length - 1] < '1' ||
        name[length - 1] > '0' + MOST_STEP)
        return 0;
    memcpy(base, name, length - 2);
    base[length - 2] = 0;
    column->argument = (name[length - 1] - '0') * (name[length - 2] == '-' ? -1 : 1);
    if (!strcmp(base, "same_parent") || !strcmp(base, "same_holder")) {
        column->fill = strcmp(base, "same_parent") ? fill_same_holder : fill_same_parent;
        return 1;
    }
    if (place_in(plan->facts.shared, base) < 0)
        return 0;
    column->derive = derive_shifted;
    column->base = column_of(plan, base);
    return column->base >= 0;
}

/* Finds out how column `n` is made. */
static int define(struct plan *plan, Py_ssize_t n, const char *name)
{
    struct column column = {.base = -1};
    const struct named_column *known = named(name);
    if (known) {
        column.fill = known->fill;
        column.argument = known->argument;
    } else if (!is_bit(&plan->facts, name, &column) && !is_derived(plan, name, &column)) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_KeyError, "no column is named %s", name);
        return -1;
    }
    plan->columns[n] = column;
    return 0;
}

/* The place of a column that others are made of; it is added where nobody asks for it. */
static Py_ssize_t column_of(struct plan *plan, const char *name)
{
    PyObject *text;
    Py_ssize_t n;
    for (n = 0; n < PyList_GET_SIZE(plan->names); n++)
        if (!PyUnicode_CompareWithASCIIString(PyList_GET_ITEM(plan->names, n), name))
            return n;
    if (plan->count == plan->room) {
        PyErr_SetString(PyExc_SystemError, "more columns than names");
        return -1;
    }
    text = PyUnicode_FromString(name);
    if (!text || PyList_Append(plan->names, text) < 0) {
        Py_XDECREF(text);
        return -1;
    }
    Py_DECREF(text);
    n = plan->count++;
    return define(plan, n, name) < 0 ? -1 : n;
}

static int define_all(struct plan *plan, PyObject *names)
{
    plan->wanted = plan->count = PyTuple_GET_SIZE(names);
    plan->room = 2 * plan->count; /* each is made of one other at most */
    plan->columns = PyMem_Calloc((size_t)plan->room + 1, sizeof *plan->columns);
    plan->names = PySequence_List(names);
    if (!plan->columns || !plan->names) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t n = 0; n < plan->wanted; n++) {
        const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, n));
        if (!name || define(plan, n, name) < 0)
            return -1;
    }
    Py_CLEAR(plan->names);
    return 0;
}

static void free_plan(struct plan *plan)
{
    forget_facts(&plan->facts);
    Py_XDECREF(plan->names);
    PyMem_Free(plan->columns);
    PyMem_Free(plan);
}

static void forget_plan(PyObject *capsule) { free_plan(PyCapsule_GetPointer(capsule, NAME)); }

/* columns(names, facts): a plan for `features`; KeyError where a column is unknown. */
PyObject *columns(PyObject *module, PyObject *args)
{
    PyObject *names, *facts, *capsule;
    struct plan *plan;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &names, &PyDict_Type, &facts))
        return NULL;
    plan = PyMem_Calloc(1, sizeof *plan);
    if (!plan)
        return PyErr_NoMemory();
    capsule = read_facts(&plan->facts, facts) < 0 || define_all(plan, names) < 0 ? NULL
                                                                                 : PyCapsule_New(plan, NAME, forget_plan);
    if (!capsule)
        free_plan(plan);
    return capsule;
}

/* ---------------------------------------------------------------- a page's columns */

static int fill_rows(const struct plan *plan, const struct sheet *sheet, float *rows)
{
    Py_ssize_t size = sheet->count, wanted = plan->wanted;
    float *others = PyMem_Malloc((size_t)((plan->count - wanted) * size + 1) * sizeof *others);
    if (!others) {
        PyErr_NoMemory();
        return -1;
    }
#define ROW(n) ((n) < wanted ? rows + (n) * size : others + ((n) - wanted) * size)
    for (Py_ssize_t n = 0; n < plan->count; n++)
        if (plan->columns[n].fill)
            plan->columns[n].fill(sheet, plan->columns[n].argument, ROW(n));
    for (Py_ssize_t n = 0; n < plan->count; n++)
        if (plan->columns[n].derive)
            plan->columns[n].derive(sheet, plan->columns[n].argument, ROW(plan->columns[n].base), ROW(n));
#undef ROW
    PyMem_Free(others);
    return 0;
}

static int make_sheet(struct sheet *sheet, PyObject *holders, PyObject *blocks, PyObject *titles, PyObject *description,
                      PyObject *body)
{
    if (read_outline(sheet, holders, blocks) < 0 || read_characters(sheet) < 0 || add_up_places(sheet) < 0 ||
        choose_containers(sheet) < 0 || read_head(sheet, titles, description, body) < 0 || read_prompts(sheet) < 0 ||
        read_scores(sheet, holders) < 0)
        return -1;
    return find_repeats(sheet, holders);
}

/* features(columns, holders, blocks, titles, description, body, rows): fills `rows`, float32, names × blocks. */
PyObject *features(PyObject *module, PyObject *args)
{
    PyObject *capsule, *holders, *blocks, *titles, *description, *body;
    Py_buffer rows;
    struct sheet sheet = {0};
    const struct plan *plan;
    int failed = 1;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!O!OOOw*", &capsule, &PyList_Type, &holders, &PyList_Type, &blocks, &titles,
                          &description, &body, &rows))
        return NULL;
    plan = PyCapsule_GetPointer(capsule, NAME);
    if (plan && rows.len != plan->wanted * PyList_GET_SIZE(blocks) * (Py_ssize_t)sizeof(float))
        PyErr_SetString(PyExc_ValueError, "rows do not fit the names and blocks");
    else if (plan) {
        sheet.facts = &plan->facts;
        failed = make_sheet(&sheet, holders, blocks, titles, description, body) < 0 ||
                 fill_rows(plan, &sheet, rows.buf) < 0;
        give_back(&sheet);
    }
    PyBuffer_Release(&rows);
    if (failed)
        return NULL;
    Py_RETURN_NONE;
}
