/* SPDX-License-Identifier: Apache-2.0 */
#include "http/reply.h"

#include "base/json.h"
#include "base/log.h"
#include "http/gzip.h"
#include "http/private.h"

#define TH_GZIP_FROM 1024
/* Above this the loop would stand still for too long; such answers are better given as streams. */
#define TH_GZIP_UP_TO (2u << 20)

struct header {
    const char *name, *value;
};

static const struct header every_kind[] = {
    {"x-content-type-options", "nosniff"},
    {"referrer-policy", "no-referrer"},
    {"x-frame-options", "DENY"},
    {"cross-origin-opener-policy", "same-origin"},
    {"cross-origin-resource-policy", "same-origin"},
};

static const char *const policies[] = {
    [TH_REPLY_API] = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    [TH_REPLY_PAGE] =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    [TH_REPLY_FILE] =
        "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

void th_reply_secure(struct th_req *r, enum th_reply_kind kind)
{
    for (size_t i = 0; i < sizeof(every_kind) / sizeof(every_kind[0]); i++)
        th_req_default_header(r, every_kind[i].name, th_str(every_kind[i].value));
    th_req_default_header(r, "content-security-policy", th_str(policies[kind]));
    if (kind == TH_REPLY_API)
        th_req_default_header(r, "cache-control", TH_STR("no-store"));
}

void th_reply_data(struct th_req *r, int status, const char *type, struct th_str body)
{
    struct th_str packed;
    th_reply_secure(r, TH_REPLY_API);
    th_req_set_header(r, "x-request-id", th_str(r->id));
    /* Only what was read, never what was made: an answer that holds a new secret must not have a length that
     * tells something about it. */
    if (status != 200 || body.n <= TH_GZIP_FROM || body.n > TH_GZIP_UP_TO || r->replied || r->h2o == NULL) {
        th_req_reply(r, status, type, body);
        return;
    }
    th_req_add_header(r, "vary", TH_STR("accept-encoding"));
    if (th_gzip_accepted(r) && th_gzip_pack(&r->server->gzip, &r->arena, body, &packed)) {
        th_req_set_header(r, "content-encoding", TH_STR("gzip"));
        th_req_reply_static(r, status, type, packed);
    } else {
        th_req_reply(r, status, type, body);
    }
}

void th_reply_json(struct th_req *r, int status, struct th_str body)
{
    th_reply_data(r, status, "application/json", body);
}

static void put_member(struct th_buf *b, const char *name, const char *value)
{
    th_buf_printf(b, ",\"%s\":", name);
    th_json_put_str(b, th_str(value));
}

void th_problem_put(struct th_buf *b, const struct th_problem *p, const char *request_id)
{
    int status = p->status != 0 ? p->status : 500;
    const char *code = p->code != NULL ? p->code : th_status_code(status);
    th_buf_printf(b, "{\"type\":\"/errors/%s\",\"status\":%d", code, status);
    put_member(b, "title", p->title != NULL ? p->title : th_status_reason(status));
    put_member(b, "code", code);
    if (p->detail != NULL)
        put_member(b, "detail", p->detail);
    if (request_id != NULL)
        put_member(b, "request_id", request_id);
    if (p->errors.n > 0) {
        th_buf_puts(b, ",\"errors\":");
        th_buf_str(b, p->errors);
    }
    th_buf_putc(b, '}');
}

void th_reply_problem(struct th_req *r, const struct th_problem *p)
{
    struct th_buf b = {0};
    int status = p->status != 0 ? p->status : 500;
    th_problem_put(&b, p, r->id);
    th_reply_secure(r, TH_REPLY_API);
    th_req_set_header(r, "x-request-id", th_str(r->id));
    if (status == 503 || status == 429)
        th_req_default_header(r, "retry-after", TH_STR("1"));
    th_req_reply(r, status, "application/problem+json", th_buf_view(&b));
    th_buf_free(&b);
}

void th_reply_error(struct th_req *r, int code, const char *detail)
{
    struct th_problem p = {.status = th_err_status(code), .code = th_err_name(code), .detail = detail};
    if (p.status >= 500) {
        th_warn("http.error", "id=%s code=%s detail=\"%s\"", r->id, p.code, detail != NULL ? detail : "");
        p.detail =
            th_err_retry(code) ? "Try again later." : "The server could not do this; the log says why.";
    }
    th_reply_problem(r, &p);
}
