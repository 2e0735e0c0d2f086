/* SPDX-License-Identifier: Apache-2.0 */
#include "sec/token.c"

#include "../test.h"

#define ONE "aaaaaaaaaaaaaaaa"
#define TWO "bbbbbbbbbbbbbbbbbbbb"
#define ALL "cccccccccccccccc-_09"

static struct th_hook_tokens *tokens;
static struct th_error err;

static int read_tokens(const char *text)
{
    th_hook_tokens_free(tokens);
    tokens = NULL;
    return th_hook_tokens_read(&tokens, text, &err);
}

/* "NODE KIND" of the entry that fits, or "none". */
static const char *found(const char *token, const char *peer)
{
    static char out[32];
    const struct th_hook_token *t = th_hook_tokens_find(tokens, th_str(token), th_str(peer));
    snprintf(out, sizeof out, "%d %s", t == NULL ? -1 : t->node, t == NULL ? "" : t->mtls ? "mtls" : "plain");
    return t == NULL ? "none" : out;
}

static void test_api_tokens(void)
{
    char a[TH_TOKEN_LEN + 1], b[TH_TOKEN_LEN + 1], hash[65];
    th_token_make(a);
    th_token_make(b);
    TH_EQ_INT(strlen(a), TH_TOKEN_LEN);
    TH_CHECK(th_str_starts(th_str(a), TH_STR("thg_")) && th_str_is_key(th_str(a)));
    TH_CHECK(strcmp(a, b) != 0);
    th_token_hash(TH_STR("abc"), hash);
    TH_EQ_STR(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_find(void)
{
    TH_EQ_INT(read_tokens(" 1:plain:" ONE ", 2:mtls:" TWO " ,*:plain:" ALL ","), 0);
    TH_EQ_STR(found(ONE, "127.0.0.1"), "1 plain");
    TH_EQ_STR(found(TWO, ""), "2 mtls");
    TH_EQ_STR(found(ALL, "10.0.0.1"), "0 plain");
    TH_EQ_STR(found("", "127.0.0.1"), "none");
    TH_EQ_STR(found(ONE "a", "127.0.0.1"), "none");
    TH_EQ_STR(found("aaaaaaaaaaaaaaa", "127.0.0.1"), "none");
    TH_EQ_STR(found("Aaaaaaaaaaaaaaaa", "127.0.0.1"), "none");
}

static void test_addresses(void)
{
    TH_EQ_INT(read_tokens("1:plain:" ONE "@10.0.0.1,1:plain:" ONE "@10.0.0.2,2:mtls:" TWO
                          "@0:0:0:0:0:0:0:1,3:plain:" ALL "@::ffff:10.0.0.3"),
        0);
    TH_EQ_STR(found(ONE, "10.0.0.1"), "1 plain");
    TH_EQ_STR(found(ONE, "10.0.0.2"), "1 plain");
    TH_EQ_STR(found(ONE, "10.0.0.3"), "none");
    TH_EQ_STR(found(ONE, ""), "none");
    TH_EQ_STR(found(ONE, "10.0.0.11"), "none");
    TH_EQ_STR(found(TWO, "::1"), "2 mtls");
    TH_EQ_STR(found(TWO, "127.0.0.1"), "none");
    TH_EQ_STR(found(ALL, "10.0.0.3"), "3 plain");
}

static void test_of_node(void)
{
    TH_EQ_INT(read_tokens("1:plain:" ONE ",*:mtls:" TWO ",1:plain:" ALL), 0);
    TH_EQ_STR(th_hook_tokens_of_node(tokens, 1, false)->token, ONE);
    TH_EQ_STR(th_hook_tokens_of_node(tokens, 7, true)->token, TWO);
    TH_CHECK(th_hook_tokens_of_node(tokens, 7, false) == NULL);
}

static void test_empty(void)
{
    TH_EQ_INT(read_tokens(""), 0);
    TH_EQ_STR(found("", ""), "none");
    TH_CHECK(th_hook_tokens_of_node(tokens, 1, false) == NULL);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"x", "NODE:KIND:TOKEN"},
        {"1", "NODE:KIND:TOKEN"},
        {"1:plain", "NODE:KIND:TOKEN"},
        {"0:plain:" ONE, "1 to 65535"},
        {"65536:plain:" ONE, "1 to 65535"},
        {"-1:plain:" ONE, "1 to 65535"},
        {":plain:" ONE, "1 to 65535"},
        {"**:plain:" ONE, "1 to 65535"},
        {"1::" ONE, "plain or mtls"},
        {"1:tls:" ONE, "plain or mtls"},
        {"1:plain:", "a token is"},
        {"1:plain:aaaaaaaaaaaaaaa", "a token is"},
        {"1:plain:aaaaaaaaaaaaaaaa/a", "a token is"},
        {"1:plain:aaaaaaaaaaaaaaaa:a", "a token is"},
        {"1:plain:" ONE "@", "IP address"}, /* an empty variable must not mean any address */
        {"1:plain:" ONE "@localhost", "IP address"},
        {"1:plain:" ONE "@10.0.0.0/8", "IP address"},
        {"1:plain:" ONE "@10.0.0.1:80", "IP address"},
        {"1:plain:" ONE ",2:plain:" ONE, "two nodes or two kinds"},
        {"1:plain:" ONE ",1:mtls:" ONE, "two nodes or two kinds"},
        {"*:plain:" ONE ",1:plain:" ONE, "two nodes or two kinds"},
    };
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i].text);
        TH_EQ_INT(read_tokens(rows[i].text), -TH_EINVAL);
        TH_CHECK(strstr(err.msg, rows[i].why) != NULL);
        TH_CHECK(strstr(err.msg, "aaaa") == NULL); /* a token is a secret */
    }
}

int main(void)
{
    TH_RUN(test_api_tokens);
    TH_RUN(test_find);
    TH_RUN(test_addresses);
    TH_RUN(test_of_node);
    TH_RUN(test_empty);
    TH_RUN(test_refused);
    th_hook_tokens_free(tokens);
    return TH_END();
}
