/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_api.h"

#include <curl/curl.h>
#include <string.h>
#include "cli/sim_net.h"

#define TIMEOUT_MS 15000L
#define MAX_ANSWER (4 * 1024 * 1024)

int th_sim_api_open(struct th_sim_api *a, const char *base, const char *token, struct th_error *err)
{
    struct th_buf auth = {0};

    *a = (struct th_sim_api){.base = base};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return th_fail(err, TH_EINTERNAL, "libcurl does not start");
    a->curl = curl_easy_init();
    th_buf_printf(&auth, "Authorization: Bearer %s", token);
    a->headers = curl_slist_append(NULL, th_buf_cstr(&auth));
    a->headers = curl_slist_append(a->headers, "Content-Type: application/json");
    th_buf_free(&auth);
    return 0;
}

void th_sim_api_close(struct th_sim_api *a)
{
    curl_slist_free_all(a->headers);
    curl_easy_cleanup(a->curl);
    curl_global_cleanup();
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct th_sim_answer *answer = arg;

    if (answer->text.n + size * n > MAX_ANSWER)
        return 0;
    th_buf_put(&answer->text, p, size * n);
    return size * n;
}

static int on_progress(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    return th_sim_stopping(); /* not 0 ends the transfer */
}

static CURLcode perform(
    struct th_sim_api *a, const char *method, const char *url, const char *body, struct th_sim_answer *answer)
{
    long status = 0;
    CURLcode rc;

    curl_easy_reset(a->curl);
    curl_easy_setopt(a->curl, CURLOPT_URL, url);
    curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, a->headers);
    curl_easy_setopt(a->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(a->curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    curl_easy_setopt(a->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(a->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(a->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(a->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(a->curl, CURLOPT_WRITEDATA, answer);
    if (body != NULL)
        curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, body);
    rc = curl_easy_perform(a->curl);
    curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
    answer->status = (int)status;
    return rc;
}

int th_sim_api_call(struct th_sim_api *a, const char *method, const char *path, const char *body,
    struct th_sim_answer *answer, struct th_error *err)
{
    struct th_buf url = {0};
    CURLcode rc;

    *answer = (struct th_sim_answer){0};
    th_arena_init(&answer->arena);
    th_buf_printf(&url, "%s%s", a->base, path);
    rc = perform(a, method, th_buf_cstr(&url), body, answer);
    th_buf_free(&url);
    if (rc != CURLE_OK)
        return th_fail(err, TH_EUNAVAIL, "no API answers at %s: %s", a->base, curl_easy_strerror(rc));
    if (th_json_read(&answer->json, &answer->arena, th_buf_view(&answer->text), NULL) != 0)
        answer->json.count = 0;
    if (answer->status == 401)
        return th_fail(err, TH_EAUTH, "the API at %s does not take the token", a->base);
    if (answer->status == 403)
        return th_fail(err, TH_EFORBIDDEN, "the token may not do %s %s", method, path);
    return 0;
}

void th_sim_answer_free(struct th_sim_answer *answer)
{
    th_buf_free(&answer->text);
    th_arena_free(&answer->arena);
}

int th_sim_answer_fail(
    const struct th_sim_answer *answer, const char *method, const char *path, struct th_error *err)
{
    const struct th_json_node *detail = NULL;

    if (answer->json.count > 0 && answer->json.nodes[0].type == TH_JSON_OBJECT) {
        detail = th_json_get(&answer->json, 0, TH_STR("detail"));
        if (detail == NULL)
            detail = th_json_get(&answer->json, 0, TH_STR("title"));
    }
    if (detail == NULL || detail->type != TH_JSON_STRING)
        return th_fail(err, TH_EIO, "%s %s answered %d", method, path, answer->status);
    return th_fail(
        err, TH_EIO, "%s %s answered %d: %.*s", method, path, answer->status, TH_STR_FMT(detail->text));
}
