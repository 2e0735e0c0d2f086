/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers of the API: JSON, and problems in the form of RFC 9457, which is the one form of every error:
 * {"type":"/errors/<code>","title","status","code","detail","request_id"} and "errors" when there are
 * several. */
#ifndef TH_REPLY_H
#define TH_REPLY_H

#include "http/req.h"

/* Who may do what with an answer. */
enum th_reply_kind {
    TH_REPLY_API,  /* data: nothing may be loaded by it, never cached */
    TH_REPLY_PAGE, /* the dashboard: its own scripts, styles and images only */
    TH_REPLY_FILE, /* what came from devices or users: sandboxed */
};

/* Content-Security-Policy, X-Content-Type-Options, Referrer-Policy, X-Frame-Options, Cross-Origin-*, and
 * Cache-Control: no-store for TH_REPLY_API; each unless it was set before. */
void th_reply_secure(struct th_req *r, enum th_reply_kind kind);

/* Data of the API: with th_reply_secure and X-Request-Id; an answer with status 200 is packed with gzip when
 * it is over 1 KiB and the client takes it. type as in th_req_reply; body is copied. */
void th_reply_data(struct th_req *r, int status, const char *type, struct th_str body);
void th_reply_json(struct th_req *r, int status, struct th_str body);

struct th_problem {
    int status;           /* 0: that of code */
    const char *code;     /* stable name; NULL: made from the status */
    const char *title;    /* NULL: the status's reason */
    const char *detail;   /* for people, may be NULL */
    struct th_str errors; /* a JSON array, may be empty */
};
/* 503 and 429 carry Retry-After: 1 unless the header was set before. */
void th_reply_problem(struct th_req *r, const struct th_problem *p);
/* Its JSON alone. request_id may be NULL. */
void th_problem_put(struct th_buf *b, const struct th_problem *p, const char *request_id);
/* From a code of base/err.h with either sign. detail may be NULL. What is at fault on our side (5xx) never
 * shows its detail to the client: it is logged instead. */
void th_reply_error(struct th_req *r, int code, const char *detail);

#endif
