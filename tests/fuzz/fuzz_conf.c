/* SPDX-License-Identifier: Apache-2.0
 *
 * A configuration file of any bytes is read or refused with its place; what was read can be shown, and the
 * hook tokens in it are read or refused. */
#include "base/conf.h"
#include "fuzz.h"
#include "sec/token.h"

static void check_tokens(const struct th_conf *conf)
{
    struct th_hook_tokens *tokens;
    struct th_error err = {0};
    if (th_hook_tokens_read(&tokens, conf->hook_tokens, &err) != 0) {
        TH_FUZZ_CHECK(strncmp(err.msg, "hook.tokens: ", 13) == 0);
        return;
    }
    TH_FUZZ_CHECK(th_hook_tokens_find(tokens, TH_STR(""), TH_STR("127.0.0.1")) == NULL);
    const struct th_hook_token *t = th_hook_tokens_of_node(tokens, 1, false);
    if (t != NULL)
        TH_FUZZ_CHECK(th_hook_tokens_find(tokens, th_str(t->token), th_str(t->address)) != NULL);
    th_hook_tokens_free(tokens);
}

static void check_shown(const struct th_conf *conf)
{
    struct th_buf out = {0};
    th_conf_show(conf, &out);
    TH_FUZZ_CHECK(conf->hook_tokens[0] == 0 || strstr(th_buf_cstr(&out), "hook.tokens = ********\n") != NULL);
    th_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct th_conf conf = {.arena = {0}};
    struct th_error err = {0};
    th_arena_init(&conf.arena);
    th_conf_defaults(&conf);
    int rc = th_conf_read(&conf, fuzz_input(data, size), "f", &err);
    TH_FUZZ_CHECK(rc == 0 || (rc == -TH_EINVAL && strncmp(err.msg, "f:", 2) == 0));
    if (rc == 0) {
        check_shown(&conf);
        check_tokens(&conf);
    }
    th_arena_free(&conf.arena);
    return 0;
}
