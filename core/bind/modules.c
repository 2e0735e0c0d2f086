/* SPDX-License-Identifier: Apache-2.0 */
#include "bind/modules.h"

#include "base/json.h"

/* Names are words with dots between, so that a chunk's name is a path inside the script's folder. */
static bool is_name(struct th_str s)
{
    bool begins = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool digit = c >= '0' && c <= '9';
        if (!letter && (begins || (!digit && c != '.')))
            return false;
        begins = c == '.';
    }
    return !begins && s.n <= 100;
}

static const char *chunk_of(struct th_arena *arena, struct th_str name)
{
    char *chunk = th_arena_printf(arena, "%.*s.lua", TH_STR_FMT(name));
    for (size_t i = 0; i < name.n; i++)
        if (chunk[i] == '.')
            chunk[i] = '/';
    return chunk;
}

int th_modules_read(
    struct th_arena *arena, const char *json, struct th_module **out, size_t *count, struct th_error *err)
{
    struct th_json *j = th_arena_alloc(arena, sizeof *j);
    *out = NULL;
    *count = 0;
    if (json == NULL)
        return 0;
    int rc = th_json_read(j, arena, th_str(json), err);
    if (rc != 0)
        return rc;
    if (j->nodes[0].type != TH_JSON_OBJECT || j->nodes[0].count > TH_MODULES_MAX)
        return th_fail(err, TH_EINVAL, "the script's modules are at most %d, by name", TH_MODULES_MAX);
    *out = th_arena_alloc(arena, (j->nodes[0].count + 1) * sizeof **out);
    TH_JSON_EACH (j, 0, i) {
        const struct th_json_node *n = &j->nodes[i];
        if (n->type != TH_JSON_STRING || !is_name(n->key))
            return th_fail(err, TH_EINVAL, "%.*s is no module of a script", TH_STR_FMT(n->key));
        (*out)[(*count)++] = (struct th_module){.name = th_arena_dup(arena, n->key.p, n->key.n),
            .chunk = chunk_of(arena, n->key),
            .text = n->text};
    }
    return 0;
}
