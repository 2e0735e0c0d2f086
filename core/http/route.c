/* SPDX-License-Identifier: Apache-2.0
 *
 * A tree with a level per segment. Children stand in order of their kind, literals first, so that the first
 * way down that ends at a route for the method is the best one. */
#include "http/route.h"

#include "http/reply.h"

#define TH_ROUTE_SEGMENTS 32

enum kind { LITERAL, KEY, INT, TEXT, REST };

struct entry {
    struct th_route route;
    struct th_str names[TH_ROUTE_PARAMS];
    int nnames;
};

struct node {
    enum kind kind;
    struct th_str literal;
    struct node *child, *next;
    const struct entry *entries[TH_METHOD_COUNT];
};

struct th_routes {
    struct th_arena arena;
    struct node root;
};

/* ---- building ---- */

static bool read_param(struct th_str segment, enum kind *kind, struct th_str *name)
{
    static const struct th_str types[] = {
        [KEY] = {"key", 3}, [INT] = {"int", 3}, [TEXT] = {"text", 4}, [REST] = {"rest", 4}};
    struct th_str type = {segment.p + 1, segment.n - 2};
    th_str_split(&type, ':', name);
    *kind = TEXT;
    if (type.p == NULL)
        return name->n > 0;
    for (int k = KEY; k <= REST; k++) {
        if (th_str_eq(type, types[k])) {
            *kind = (enum kind)k;
            return name->n > 0;
        }
    }
    return false;
}

static struct node *child_of(struct th_arena *a, struct node *parent, enum kind kind, struct th_str literal)
{
    struct node **at = &parent->child;
    while (*at != NULL && (*at)->kind <= kind) {
        if ((*at)->kind == kind && th_str_eq((*at)->literal, literal))
            return *at;
        at = &(*at)->next;
    }
    struct node *n = th_arena_zalloc(a, sizeof(*n));
    n->kind = kind;
    n->literal = literal;
    n->next = *at;
    *at = n;
    return n;
}

/* The node below parent for one segment of a pattern; NULL when it is malformed. */
static struct node *add_segment(
    struct th_routes *t, struct node *parent, struct entry *e, struct th_str segment)
{
    enum kind kind = LITERAL;
    struct th_str literal = segment, name;
    if (segment.n == 0 || parent->kind == REST)
        return NULL;
    if (segment.p[0] == '{') {
        if (segment.p[segment.n - 1] != '}' || !read_param(segment, &kind, &name) ||
            e->nnames == TH_ROUTE_PARAMS)
            return NULL;
        e->names[e->nnames++] = name;
        literal = (struct th_str){0};
    }
    return child_of(&t->arena, parent, kind, literal);
}

static int add_route(struct th_routes *t, const struct th_route *r, struct th_error *err)
{
    struct entry *e = th_arena_zalloc(&t->arena, sizeof(*e));
    struct node *n = &t->root;
    struct th_str rest = th_str(r->pattern), segment;
    e->route = *r;
    if (!th_str_split(&rest, '/', &segment) || segment.n > 0 || rest.p == NULL)
        return th_fail(err, TH_EINVAL, "route %s: a pattern begins with a slash", r->pattern);
    while (rest.n > 0 && n != NULL && th_str_split(&rest, '/', &segment))
        n = add_segment(t, n, e, segment);
    if (n == NULL || (rest.p != NULL && n != &t->root))
        return th_fail(err, TH_EINVAL, "route %s: malformed pattern", r->pattern);
    if (n->entries[r->method] != NULL)
        return th_fail(err, TH_EINVAL, "route %s %s stands twice", th_method_name(r->method), r->pattern);
    n->entries[r->method] = e;
    return 0;
}

int th_routes_build(const struct th_route *routes, size_t n, struct th_routes **out, struct th_error *err)
{
    struct th_routes *t = th_calloc(1, sizeof(*t));
    th_arena_init(&t->arena);
    for (size_t i = 0; i < n; i++) {
        int code = add_route(t, &routes[i], err);
        if (code != 0) {
            th_routes_free(t);
            return code;
        }
    }
    *out = t;
    return 0;
}

void th_routes_free(struct th_routes *t)
{
    if (t == NULL)
        return;
    th_arena_free(&t->arena);
    th_free(t);
}

/* ---- matching ---- */

struct walk {
    enum th_method method;
    struct th_arena *arena;
    struct th_str segments[TH_ROUTE_SEGMENTS]; /* decoded */
    int nsegments;
    struct th_str params[TH_ROUTE_PARAMS];
    unsigned allow;
};

static bool is_int(struct th_str s)
{
    int64_t v;
    return th_str_int(s, &v) && v >= 0 && (s.n == 1 || s.p[0] != '0') && s.p[0] != '-';
}

static bool fits(const struct node *n, struct th_str segment)
{
    switch (n->kind) {
    case LITERAL:
        return th_str_eq(n->literal, segment);
    case KEY:
        return th_str_is_key(segment);
    case INT:
        return is_int(segment);
    default:
        return true;
    }
}

static struct th_str join(const struct walk *w, int from)
{
    size_t n = 0;
    for (int i = from; i < w->nsegments; i++)
        n += w->segments[i].n + 1;
    char *p = th_arena_alloc(w->arena, n), *at = p;
    for (int i = from; i < w->nsegments; i++) {
        memcpy(at, w->segments[i].p, w->segments[i].n);
        at += w->segments[i].n;
        *at++ = i + 1 < w->nsegments ? '/' : '\0';
    }
    return (struct th_str){p, n - 1};
}

static const struct entry *entry_at(struct walk *w, const struct node *n)
{
    for (int m = 0; m < TH_METHOD_COUNT; m++) {
        if (n->entries[m] != NULL)
            w->allow |= 1u << m;
    }
    const struct entry *e = n->entries[w->method];
    return e == NULL && w->method == TH_METHOD_HEAD ? n->entries[TH_METHOD_GET] : e;
}

/* The depth is bounded by TH_ROUTE_SEGMENTS and by the depth of the tree. */
static const struct entry *descend(struct walk *w, const struct node *parent, int at, int nparams)
{
    if (at == w->nsegments)
        return entry_at(w, parent);
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        if (!fits(n, w->segments[at]))
            continue;
        int next = at + 1, taken = nparams;
        if (n->kind == REST) {
            w->params[taken++] = join(w, at);
            next = w->nsegments;
        } else if (n->kind != LITERAL) {
            w->params[taken++] = w->segments[at];
        }
        const struct entry *e = descend(w, n, next, taken);
        if (e != NULL)
            return e;
    }
    return NULL;
}

static int cut_segments(struct walk *w, struct th_str path)
{
    struct th_str rest = path, segment;
    if (!th_str_split(&rest, '/', &segment) || segment.n > 0 || rest.p == NULL)
        return -TH_EINVAL;
    while (rest.p != NULL && th_str_split(&rest, '/', &segment)) {
        if (segment.n == 0 && rest.p == NULL)
            return w->nsegments == 0 ? 0 : -TH_ENOTFOUND; /* "/", or a slash at the end */
        if (w->nsegments == TH_ROUTE_SEGMENTS)
            return -TH_ENOTFOUND;
        if (!th_path_decode(segment, w->arena, &w->segments[w->nsegments++]))
            return -TH_EINVAL;
    }
    return 0;
}

int th_routes_match(const struct th_routes *t, enum th_method method, struct th_str path,
    struct th_arena *arena, struct th_route_match *out)
{
    struct walk w = {.method = method, .arena = arena};
    *out = (struct th_route_match){0};
    int code = cut_segments(&w, path);
    if (code != 0)
        return code;
    const struct entry *e = descend(&w, &t->root, 0, 0);
    out->allow = w.allow | (w.allow & (1u << TH_METHOD_GET) ? 1u << TH_METHOD_HEAD : 0);
    if (e == NULL)
        return w.allow == 0 ? -TH_ENOTFOUND : -TH_EFORBIDDEN;
    out->route = &e->route;
    out->nparams = e->nnames;
    for (int i = 0; i < e->nnames; i++) {
        out->names[i] = e->names[i];
        out->params[i] = w.params[i];
    }
    return 0;
}

struct th_str th_route_param(const struct th_route_match *m, const char *name)
{
    for (int i = 0; i < m->nparams; i++) {
        if (th_str_eq(m->names[i], th_str(name)))
            return m->params[i];
    }
    return (struct th_str){0};
}

static void set_allow(struct th_req *r, unsigned allow)
{
    struct th_buf b = {0};
    allow |= 1u << TH_METHOD_OPTIONS;
    for (int m = 0; m < TH_METHOD_COUNT; m++) {
        if (allow & (1u << m))
            th_buf_printf(&b, "%s%s", b.n > 0 ? ", " : "", th_method_name((enum th_method)m));
    }
    th_req_set_header(r, "allow", th_buf_view(&b));
    th_buf_free(&b);
}

const struct th_route *th_route_req(const struct th_routes *t, struct th_req *r, struct th_route_match *out)
{
    int code = th_routes_match(t, r->method, r->path, &r->arena, out);
    switch (code) {
    case 0:
        return out->route;
    case -TH_EFORBIDDEN:
        set_allow(r, out->allow);
        if (r->method == TH_METHOD_OPTIONS)
            th_req_reply_static(r, 204, NULL, TH_STR(""));
        else
            th_reply_problem(r, &(struct th_problem){.status = 405});
        return NULL;
    case -TH_EINVAL:
        th_reply_problem(r, &(struct th_problem){.status = 400, .detail = "malformed path"});
        return NULL;
    default:
        th_reply_problem(r, &(struct th_problem){.status = 404, .detail = "no such path"});
        return NULL;
    }
}
