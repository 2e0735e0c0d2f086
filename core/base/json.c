/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/json.h"

#define NUMBER_MAX 400
#define MAX_SCALE 400     /* decimals: enough for any double */
#define LINEAR_MEMBERS 24 /* more names than this are compared by hash; a hook has 16 */

struct level {
    uint32_t node;
    uint32_t *names; /* hash set of member nodes + 1; NULL while few */
    uint32_t slots;
};

struct reader {
    struct th_json *j;
    struct th_str text;
    yajl_handle yajl;
    struct level stack[TH_JSON_MAX_DEPTH];
    unsigned depth;
    struct th_str key; /* of the value to come */
    struct th_error *err;
    int code;
    bool ending; /* all of the text has been given to yajl */
};

/* yajl allocates a few small blocks per document: they lie in the arena and go with it. */
static void *arena_malloc(void *ctx, size_t size)
{
    size_t *p = th_arena_alloc(ctx, size + 16);
    *p = size;
    return (char *)p + 16;
}

static void *arena_realloc(void *ctx, void *old, size_t size)
{
    if (old == NULL)
        return arena_malloc(ctx, size);
    size_t had = *(size_t *)((char *)old - 16);
    if (had >= size)
        return old;
    void *p = arena_malloc(ctx, size);
    return memcpy(p, old, had);
}

static void arena_free(void *ctx, void *p)
{
}

static int refuse(struct reader *r, int code, const char *what)
{
    if (r->code == 0)
        r->code = th_fail(r->err, code, "%s (byte %zu)", what, yajl_get_bytes_consumed(r->yajl));
    return 0;
}

static uint32_t *slot_of(const struct reader *r, const struct level *l, struct th_str key)
{
    uint32_t i = (uint32_t)th_str_hash_keyed(key) & (l->slots - 1);
    while (l->names[i] != 0 && !th_str_eq(r->j->nodes[l->names[i] - 1].key, key))
        i = (i + 1) & (l->slots - 1);
    return &l->names[i];
}

static void rehash(struct reader *r, struct level *l)
{
    l->slots = l->slots == 0 ? 64 : l->slots * 2;
    l->names = th_arena_zalloc(r->j->arena, l->slots * sizeof *l->names);
    for (uint32_t i = l->node + 1; i < r->j->count; i = r->j->nodes[i].next)
        *slot_of(r, l, r->j->nodes[i].key) = i + 1;
}

/* Whether the object at the top of the stack has this member already. Called before the new node is added. */
static bool duplicate(struct reader *r, struct level *l, struct th_str key)
{
    const struct th_json_node *object = &r->j->nodes[l->node];
    if (object->count < LINEAR_MEMBERS) {
        for (uint32_t i = l->node + 1; i < r->j->count; i = r->j->nodes[i].next)
            if (th_str_eq(r->j->nodes[i].key, key))
                return true;
        return false;
    }
    if (l->slots < 2 * (object->count + 1))
        rehash(r, l);
    uint32_t *slot = slot_of(r, l, key);
    if (*slot != 0)
        return true;
    *slot = r->j->count + 1;
    return false;
}

static struct th_json_node *add(struct reader *r, enum th_json_type type, size_t raw_n)
{
    struct th_json *j = r->j;
    if (j->count >= j->max) {
        refuse(r, TH_EINVAL, "too many values");
        return NULL;
    }
    if (r->depth > 0) {
        struct level *l = &r->stack[r->depth - 1];
        if (j->nodes[l->node].type == TH_JSON_OBJECT && duplicate(r, l, r->key)) {
            refuse(r, TH_EINVAL, "a member stands twice in one object");
            return NULL;
        }
        j->nodes[l->node].count++;
    }
    if (j->count == j->cap) {
        uint32_t cap = j->cap > 0 ? j->cap * 2 : 24;
        struct th_json_node *nodes = th_arena_alloc(j->arena, cap * sizeof *nodes);
        if (j->count > 0)
            memcpy(nodes, j->nodes, j->count * sizeof *nodes);
        j->nodes = nodes;
        j->cap = cap;
    }
    struct th_json_node *n = &j->nodes[j->count++];
    memset(n, 0, sizeof *n);
    n->type = (uint8_t)type;
    n->next = j->count;
    n->key = r->key;
    r->key = (struct th_str){"", 0};
    /* A number that the text ends in is known only then, when yajl no longer counts. */
    size_t end = r->ending ? r->text.n : yajl_get_bytes_consumed(r->yajl);
    n->raw = (struct th_str){r->text.p + end - raw_n, raw_n};
    if (r->depth == 0 && type == TH_JSON_NUMBER)
        n->raw.p = th_str_trim(r->text).p;
    return n;
}

static int on_null(void *ctx)
{
    return add(ctx, TH_JSON_NULL, 4) != NULL;
}

static int on_boolean(void *ctx, int truth)
{
    struct th_json_node *n = add(ctx, TH_JSON_BOOL, truth ? 4 : 5);
    if (n != NULL)
        n->truth = truth != 0;
    return n != NULL;
}

/* PostgreSQL's numeric keeps up to 16,383 decimals and writes them all out, so that the seven bytes of
 * 1e-9999 would come back as ten thousand. What is too large for it is so for a double as well. */
static bool few_decimals(const char *digits, size_t len)
{
    const char *end = digits + len, *dot = memchr(digits, '.', len), *e = digits;
    int64_t exponent = 0;
    while (e < end && (*e | 32) != 'e')
        e++;
    if (e < end) {
        struct th_str text = {e + 1, (size_t)(end - e) - 1};
        if (text.p[0] == '+')
            text = (struct th_str){text.p + 1, text.n - 1};
        if (!th_str_int(text, &exponent) || exponent > MAX_SCALE || exponent < -MAX_SCALE)
            return false;
    }
    return (dot == NULL ? 0 : e - dot - 1) - exponent <= MAX_SCALE;
}

static int on_number(void *ctx, const char *digits, size_t len)
{
    struct reader *r = ctx;
    if (len > NUMBER_MAX)
        return refuse(r, TH_EINVAL, "a number has too many digits");
    if (!few_decimals(digits, len))
        return refuse(r, TH_EINVAL, "a number has too large an exponent");
    struct th_json_node *n = add(r, TH_JSON_NUMBER, len);
    if (n == NULL)
        return 0;
    n->text = n->raw;
    int64_t v;
    n->integer = th_str_int(n->text, &v);
    if (!n->integer && !isfinite(th_json_double(n)))
        return refuse(r, TH_EINVAL, "a number is too large");
    return 1;
}

/* The string's own bytes end where yajl stands, closing quote included; without escapes they are as long as
 * the decoded text and two quotes. With escapes the opening quote is found by walking back over the raw text.
 */
static struct th_str raw_string(const struct reader *r, size_t decoded)
{
    const char *end = r->text.p + yajl_get_bytes_consumed(r->yajl);
    const char *p = end - decoded - 2;
    if (p >= r->text.p && *p == '"' && memchr(p + 1, '\\', decoded) == NULL)
        return (struct th_str){p, decoded + 2};
    for (p = end - 2; p > r->text.p; p--) {
        if (*p != '"')
            continue;
        size_t slashes = 0;
        while (p - slashes > r->text.p && p[-1 - (ptrdiff_t)slashes] == '\\')
            slashes++;
        if (slashes % 2 == 0)
            break;
    }
    return (struct th_str){p, (size_t)(end - p)};
}

/* yajl points into the text when there was nothing to decode, else into a buffer of its own. */
static struct th_str kept(struct reader *r, const unsigned char *p, size_t n)
{
    const char *text = (const char *)p;
    if (text >= r->text.p && text + n <= r->text.p + r->text.n)
        return (struct th_str){text, n};
    return (struct th_str){th_arena_dup(r->j->arena, p, n), n};
}

static int on_string(void *ctx, const unsigned char *p, size_t len)
{
    struct reader *r = ctx;
    struct th_str raw = raw_string(r, len);
    struct th_json_node *n = add(r, TH_JSON_STRING, 0);
    if (n == NULL)
        return 0;
    n->raw = raw;
    n->text = kept(r, p, len);
    return 1;
}

static int on_key(void *ctx, const unsigned char *p, size_t len)
{
    struct reader *r = ctx;
    r->key = kept(r, p, len);
    return 1;
}

static int begin(struct reader *r, enum th_json_type type)
{
    if (r->depth >= TH_JSON_MAX_DEPTH)
        return refuse(r, TH_EINVAL, "nested deeper than 64 levels");
    if (add(r, type, 1) == NULL)
        return 0;
    r->stack[r->depth++] = (struct level){.node = r->j->count - 1};
    return 1;
}

static int finish(struct reader *r)
{
    struct th_json_node *n = &r->j->nodes[r->stack[--r->depth].node];
    n->next = r->j->count;
    n->raw.n = (size_t)(r->text.p + yajl_get_bytes_consumed(r->yajl) - n->raw.p);
    return 1;
}

static int on_object(void *ctx)
{
    return begin(ctx, TH_JSON_OBJECT);
}

static int on_array(void *ctx)
{
    return begin(ctx, TH_JSON_ARRAY);
}

static int on_end(void *ctx)
{
    return finish(ctx);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

static int hex4(const char *p, const char *end)
{
    int v = 0;
    for (int i = 0; i < 4; i++, p++) {
        if (p >= end)
            return -1;
        int c = *p, d;
        if (c >= '0' && c <= '9')
            d = c - '0';
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            d = (c | 32) - 'a' + 10;
        else
            return -1;
        v = v << 4 | d;
    }
    return v;
}

/* A backslash stands only inside strings, so the escapes can be looked at without reading the document.
 * Broken ones are left to yajl. */
static const char *bad_escape(struct th_str text)
{
    const char *p = text.p, *end = text.p + text.n;
    while ((p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
        if (end - p < 2 || p[1] != 'u') {
            p = end - p < 2 ? end : p + 2;
            continue;
        }
        int v = hex4(p + 2, end);
        if (v < 0) {
            p += 2;
            continue;
        }
        if (v == 0)
            return "a string holds the character NUL";
        if (v >= 0xdc00 && v <= 0xdfff)
            return "a string holds half a surrogate pair";
        p += 6;
        if (v < 0xd800 || v > 0xdbff)
            continue;
        int low = end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2, end) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return "a string holds half a surrogate pair";
        p += 6;
    }
    return NULL;
}

static int parse(struct reader *r)
{
    yajl_alloc_funcs memory = {arena_malloc, arena_realloc, arena_free, r->j->arena};
    r->yajl = yajl_alloc(&callbacks, &memory, r);
    yajl_config(r->yajl, yajl_dont_validate_strings, 1); /* UTF-8 was checked for the whole text */
    yajl_status status = yajl_parse(r->yajl, (const unsigned char *)r->text.p, r->text.n);
    r->ending = true;
    if (status == yajl_status_ok)
        status = yajl_complete_parse(r->yajl);
    if (r->code != 0)
        return r->code;
    if (status != yajl_status_ok)
        return th_fail(
            r->err, TH_ESYNTAX, "not JSON (byte %zu of %zu)", yajl_get_bytes_consumed(r->yajl), r->text.n);
    if (r->j->count == 0)
        return th_fail(r->err, TH_ESYNTAX, "empty");
    /* yajl is content with a string that is opened after the value and never closed. */
    struct th_str whole = th_str_trim(r->text), root = r->j->nodes[0].raw;
    if (root.p != whole.p || root.n != whole.n)
        return th_fail(r->err, TH_ESYNTAX, "not JSON (something follows byte %zu)",
            (size_t)(root.p + root.n - r->text.p));
    return 0;
}

int th_json_read(struct th_json *j, struct th_arena *arena, struct th_str text, struct th_error *err)
{
    return th_json_read_max(j, arena, text, TH_JSON_MAX_NODES, err);
}

int th_json_read_max(
    struct th_json *j, struct th_arena *arena, struct th_str text, uint32_t max, struct th_error *err)
{
    *j = (struct th_json){.arena = arena, .max = max};
    if (text.n == 0)
        return th_fail(err, TH_ESYNTAX, "empty");
    if (!th_str_is_utf8(text))
        return th_fail(err, TH_ESYNTAX, "not UTF-8");
    /* yajl takes these two for blanks; inside a string no reader allows them. */
    if (memchr(text.p, '\v', text.n) != NULL || memchr(text.p, '\f', text.n) != NULL)
        return th_fail(err, TH_ESYNTAX, "not JSON (a control character)");
    const char *bad = memchr(text.p, '\\', text.n) != NULL ? bad_escape(text) : NULL;
    if (bad != NULL)
        return th_fail(err, TH_EINVAL, "%s", bad);
    struct reader r = {.j = j, .text = text, .key = {"", 0}, .err = err};
    return parse(&r);
}

const struct th_json_node *th_json_get(const struct th_json *j, uint32_t obj, struct th_str key)
{
    if (j->count == 0 || j->nodes[obj].type != TH_JSON_OBJECT)
        return NULL;
    TH_JSON_EACH (j, obj, i) {
        if (th_str_eq(j->nodes[i].key, key))
            return &j->nodes[i];
    }
    return NULL;
}

struct th_str th_json_text(const struct th_json *j, uint32_t obj, struct th_str key)
{
    const struct th_json_node *n = th_json_get(j, obj, key);
    return n != NULL && n->type == TH_JSON_STRING ? n->text : (struct th_str){"", 0};
}

bool th_json_int(const struct th_json_node *n, int64_t *out)
{
    return n->type == TH_JSON_NUMBER && n->integer && th_str_int(n->text, out);
}

double th_json_double(const struct th_json_node *n)
{
    char digits[NUMBER_MAX + 1];
    size_t len = n->text.n < NUMBER_MAX ? n->text.n : NUMBER_MAX;
    memcpy(digits, n->text.p, len);
    digits[len] = 0;
    return strtod(digits, NULL);
}

static void put_escaped(struct th_buf *b, unsigned char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\') {
        th_buf_putc(b, '\\');
        th_buf_putc(b, (char)c);
    } else if (c < sizeof letters && letters[c] != 0) {
        th_buf_putc(b, '\\');
        th_buf_putc(b, letters[c]);
    } else {
        th_buf_printf(b, "\\u%04x", c);
    }
}

void th_json_put_str(struct th_buf *b, struct th_str s)
{
    th_buf_putc(b, '"');
    size_t plain = 0; /* start of what can be copied as it is */
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        size_t len = c < 0x80 ? 1 : th_str_utf8_len(s.p + i, s.n - i);
        if (len > 0 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            i += len;
            continue;
        }
        th_buf_put(b, s.p + plain, i - plain);
        if (len == 0)
            th_buf_puts(b, "\xef\xbf\xbd");
        else
            put_escaped(b, c);
        plain = ++i;
    }
    th_buf_put(b, s.p + plain, s.n - plain);
    th_buf_putc(b, '"');
}
