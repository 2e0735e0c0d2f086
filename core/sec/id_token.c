/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "sec/digest.h"
#include "sec/jws.h"

#define SUBJECT_MAX 255 /* OpenID Connect Core 2 */

static int refuse(struct th_error *err, const char *why)
{
    return th_fail(err, TH_EAUTH, "%s", why);
}

static bool is(const struct th_json_node *n, struct th_str want)
{
    return n != NULL && n->type == TH_JSON_STRING && th_str_eq(n->text, want);
}

/* aud is one name or several; with others beside us the token must say that it was made for us (azp). */
static bool is_for(const struct th_json *j, struct th_str client_id)
{
    const struct th_json_node *aud = th_json_get(j, 0, TH_STR("aud")),
                              *azp = th_json_get(j, 0, TH_STR("azp"));
    if (aud == NULL || (azp != NULL && !is(azp, client_id)))
        return false;
    if (aud->type != TH_JSON_ARRAY)
        return is(aud, client_id);
    bool found = false;
    TH_JSON_EACH (j, th_json_index(j, aud), i)
        found = found || is(&j->nodes[i], client_id);
    return found && (aud->count == 1 || azp != NULL);
}

/* Seconds since 1970, maybe with a fraction. */
static bool time_of(const struct th_json *j, const char *name, double *out)
{
    const struct th_json_node *n = th_json_get(j, 0, th_str(name));
    if (n == NULL || n->type != TH_JSON_NUMBER)
        return false;
    *out = th_json_double(n);
    return true;
}

static int check_times(const struct th_json *j, int64_t now_ms, struct th_error *err)
{
    double now = (double)now_ms / 1000, exp, iat, nbf;
    if (!time_of(j, "exp", &exp) || !time_of(j, "iat", &iat))
        return refuse(err, "the token does not say when it was made and when it ends");
    if (exp <= now - TH_ID_LEEWAY_S)
        return refuse(err, "the token has expired");
    if (iat > now + TH_ID_LEEWAY_S)
        return refuse(err, "the token is from the future");
    if (th_json_get(j, 0, TH_STR("nbf")) != NULL && (!time_of(j, "nbf", &nbf) || nbf > now + TH_ID_LEEWAY_S))
        return refuse(err, "the token is not valid yet");
    return 0;
}

int th_id_token_check(
    struct th_arena *arena, struct th_str payload, const struct th_id_claims *want, struct th_error *err)
{
    struct th_json j;
    if (th_json_read(&j, arena, payload, NULL) != 0 || j.nodes[0].type != TH_JSON_OBJECT)
        return refuse(err, "the token's claims are not a JSON object");
    if (!is(th_json_get(&j, 0, TH_STR("iss")), want->issuer))
        return refuse(err, "the token is another issuer's");
    if (!is_for(&j, want->client_id))
        return refuse(err, "the token was made for somebody else");
    const struct th_json_node *nonce = th_json_get(&j, 0, TH_STR("nonce"));
    if (nonce == NULL || nonce->type != TH_JSON_STRING || !th_equal_secret(nonce->text, want->nonce))
        return refuse(err, "the token belongs to another sign-in");
    const struct th_json_node *sub = th_json_get(&j, 0, TH_STR("sub"));
    if (sub == NULL || sub->type != TH_JSON_STRING || sub->text.n == 0 || sub->text.n > SUBJECT_MAX)
        return refuse(err, "the token does not say whose it is");
    return check_times(&j, want->now_ms, err);
}
