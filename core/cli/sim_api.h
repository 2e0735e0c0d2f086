/* SPDX-License-Identifier: Apache-2.0
 *
 * The admin API as a client sees it: one call after the other, each waiting for its answer. */
#ifndef TH_CLI_SIM_API_H
#define TH_CLI_SIM_API_H

#include "base/alloc.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

struct th_sim_api {
    void *curl;
    void *headers;
    const char *base; /* "http://127.0.0.1:8080" */
};

struct th_sim_answer {
    int status;
    struct th_arena arena;
    struct th_buf text;
    struct th_json json; /* count 0 when the answer has no JSON body */
};

int th_sim_api_open(
    struct th_sim_api *a, const char *base, const char *token, struct th_error *err) TH_MUST_CHECK;
void th_sim_api_close(struct th_sim_api *a);
/* body NULL: none. Any HTTP status is an answer; an error is one only when nothing answered, or 401 and 403
 * did, which no caller can do anything about. Free the answer in both cases. */
int th_sim_api_call(struct th_sim_api *a, const char *method, const char *path, const char *body,
    struct th_sim_answer *answer, struct th_error *err) TH_MUST_CHECK;
void th_sim_answer_free(struct th_sim_answer *answer);
/* Writes "POST /path answered 422: detail" into err. */
int th_sim_answer_fail(const struct th_sim_answer *answer, const char *method, const char *path,
    struct th_error *err) TH_MUST_CHECK;

#endif
