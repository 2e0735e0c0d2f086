/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/json.h"
#include "cli/doctor.h"
#include "io/smtp.h"

static void check_mail(const struct th_conf *conf)
{
    struct th_error err;
    if (conf->mail_url[0] == 0)
        return;
    int rc = th_smtp_check(conf, &err);
    if (rc == 0)
        rc = th_smtp_probe(conf, &err);
    th_doctor_say(rc == 0, "mail", "%s%s%s", conf->mail_url, rc == 0 ? "" : ": ", rc == 0 ? "" : err.msg);
    th_doctor_say(conf->http_public_url[0] != 0, "http.public_url", "%s",
        conf->http_public_url[0] != 0 ? conf->http_public_url : "not set: no password is reset by mail");
}

static struct th_str text_of(const struct th_json *j, const char *name)
{
    const struct th_json_node *n = th_json_get(j, 0, th_str(name));
    return n != NULL && n->type == TH_JSON_STRING ? n->text : TH_STR("");
}

/* Its description is its own, and its keys can be read. */
static void check_description(const struct th_conf *conf, struct th_str text, struct th_arena *arena)
{
    struct th_json j;
    struct th_buf body = {0};
    if (th_json_read(&j, arena, text, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT) {
        th_doctor_say(
            false, "oidc.issuer", "%s describes itself in what is no JSON object", conf->oidc_issuer);
        return;
    }
    struct th_str issuer = text_of(&j, "issuer"), keys = text_of(&j, "jwks_uri");
    bool same = th_str_eq(issuer, th_str(conf->oidc_issuer));
    th_doctor_say(same, "oidc.issuer", "%s%s%.*s", conf->oidc_issuer, same ? "" : " calls itself ",
        same ? 0 : (int)issuer.n, issuer.p);
    long status = th_doctor_fetch(th_arena_dup(arena, keys.p, keys.n), NULL, &body);
    th_doctor_say(status == 200, "oidc keys", "%.*s%s%s", TH_STR_FMT(keys), status == 200 ? "" : ": ",
        status == 200 ? ""
        : status == 0 ? th_buf_cstr(&body)
                      : "does not answer 200");
    th_buf_free(&body);
}

static void check_provider(const struct th_conf *conf)
{
    struct th_buf url = {0}, body = {0};
    struct th_arena arena;
    size_t n = strlen(conf->oidc_issuer);
    if (n == 0)
        return;
    th_buf_printf(&url, "%.*s/.well-known/openid-configuration",
        (int)(conf->oidc_issuer[n - 1] == '/' ? n - 1 : n), conf->oidc_issuer);
    th_arena_init(&arena);
    long status = th_doctor_fetch(th_buf_cstr(&url), NULL, &body);
    if (status == 200)
        check_description(conf, th_buf_view(&body), &arena);
    else
        th_doctor_say(false, "oidc.issuer", "%s: %s", th_buf_cstr(&url),
            status == 0 ? th_buf_cstr(&body) : "does not answer 200");
    th_doctor_say(conf->oidc_client_id[0] != 0 && conf->http_public_url[0] != 0 && conf->oidc_roles[0] != 0,
        "oidc", "client_id, roles and http.public_url have to be set");
    th_arena_free(&arena);
    th_buf_free(&body);
    th_buf_free(&url);
}

void th_doctor_people(const struct th_conf *conf)
{
    check_mail(conf);
    check_provider(conf);
}
