/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "sec/digest.h"
#include "sec/rand.h"
#include "sec/token.h"

#define MIN_HOOK_TOKEN 16

void th_token_make(char *out)
{
    memcpy(out, "thg_", 4);
    th_rand_text(out + 4, TH_TOKEN_LEN - 4);
}

void th_token_hash(struct th_str token, char out[65])
{
    unsigned char hash[32];
    th_sha256(hash, &token, 1);
    th_hex_encode(out, hash, sizeof hash);
}

struct th_hook_tokens {
    struct th_arena arena;
    struct th_hook_token *list;
    unsigned count;
};

/* As inet_ntop writes it, which is how the server names a caller; NULL: not an address. */
static const char *address_of(struct th_arena *arena, struct th_str text)
{
    const char *given = th_arena_dup(arena, text.p, text.n);
    char *out = th_arena_alloc(arena, INET6_ADDRSTRLEN);
    struct in6_addr ip;
    if (strlen(given) == text.n && inet_pton(AF_INET, given, &ip) == 1)
        return inet_ntop(AF_INET, &ip, out, INET6_ADDRSTRLEN);
    if (strlen(given) != text.n || inet_pton(AF_INET6, given, &ip) != 1)
        return NULL;
    return IN6_IS_ADDR_V4MAPPED(&ip) ? inet_ntop(AF_INET, &ip.s6_addr[12], out, INET6_ADDRSTRLEN)
                                     : inet_ntop(AF_INET6, &ip, out, INET6_ADDRSTRLEN);
}

static int read_one(struct th_hook_tokens *t, struct th_str item, struct th_error *err)
{
    struct th_str rest = item, node, kind, token, tail;
    int64_t number = 0;
    if (!th_str_split(&rest, ':', &node) || !th_str_split(&rest, ':', &kind) || rest.p == NULL)
        return th_fail(err, TH_EINVAL, "hook.tokens: an entry is NODE:KIND:TOKEN[@ADDRESS]");
    tail = rest;
    th_str_split(&tail, '@', &token);
    if (!th_str_eq(node, TH_STR("*")) && (!th_str_int(node, &number) || number < 1 || number > 65535))
        return th_fail(err, TH_EINVAL, "hook.tokens: the node is `*` or 1 to 65535");
    bool mtls = th_str_eq(kind, TH_STR("mtls"));
    if (!mtls && !th_str_eq(kind, TH_STR("plain")))
        return th_fail(err, TH_EINVAL, "hook.tokens: the kind is plain or mtls");
    if (token.n < MIN_HOOK_TOKEN || !th_str_is_key(token))
        return th_fail(
            err, TH_EINVAL, "hook.tokens: a token is %d to 128 of A-Z a-z 0-9 - _", MIN_HOOK_TOKEN);
    const char *address = tail.p != NULL ? address_of(&t->arena, tail) : "";
    if (address == NULL)
        return th_fail(err, TH_EINVAL, "hook.tokens: behind the @ stands an IP address");
    for (unsigned i = 0; i < t->count; i++)
        if (th_str_eq(token, th_str(t->list[i].token)) &&
            (t->list[i].node != number || t->list[i].mtls != mtls))
            return th_fail(err, TH_EINVAL, "hook.tokens: one token stands for two nodes or two kinds");
    struct th_hook_token *h = &t->list[t->count++];
    h->node = (int)number;
    h->mtls = mtls;
    h->token = th_arena_dup(&t->arena, token.p, token.n);
    h->address = address;
    return 0;
}

int th_hook_tokens_read(struct th_hook_tokens **out, const char *text, struct th_error *err)
{
    struct th_hook_tokens *t = th_calloc(1, sizeof *t);
    struct th_str rest = th_str(text), item;
    unsigned most = 1;
    for (size_t i = 0; i < rest.n; i++)
        most += rest.p[i] == ',';
    th_arena_init(&t->arena);
    t->list = th_arena_zalloc(&t->arena, most * sizeof *t->list);
    int rc = 0;
    while (rc == 0 && th_str_split(&rest, ',', &item)) {
        item = th_str_trim(item);
        if (item.n > 0)
            rc = read_one(t, item, err);
    }
    if (rc != 0) {
        th_hook_tokens_free(t);
        return rc;
    }
    *out = t;
    return 0;
}

void th_hook_tokens_free(struct th_hook_tokens *t)
{
    if (t == NULL)
        return;
    th_arena_free(&t->arena);
    th_free(t);
}

bool th_hook_tokens_tied(const struct th_hook_tokens *t)
{
    for (unsigned i = 0; i < t->count; i++)
        if (t->list[i].address[0] != 0)
            return true;
    return false;
}

const struct th_hook_token *th_hook_tokens_find(
    const struct th_hook_tokens *t, struct th_str token, struct th_str peer)
{
    const struct th_hook_token *found = NULL;
    for (unsigned i = 0; i < t->count; i++) {
        const struct th_hook_token *h = &t->list[i];
        bool from = h->address[0] == 0 || th_str_eq(peer, th_str(h->address));
        if (th_equal_secret(token, th_str(h->token)) && from)
            found = h;
    }
    return found;
}

const struct th_hook_token *th_hook_tokens_of_node(const struct th_hook_tokens *t, int node, bool mtls)
{
    for (unsigned i = 0; i < t->count; i++)
        if ((t->list[i].node == node || t->list[i].node == 0) && t->list[i].mtls == mtls)
            return &t->list[i];
    return NULL;
}
