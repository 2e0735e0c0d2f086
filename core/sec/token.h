/* SPDX-License-Identifier: Apache-2.0
 *
 * Bearer tokens of the API, kept as SHA-256, and the tokens that brokers carry in the address of their hooks.
 */
#ifndef TH_TOKEN_H
#define TH_TOKEN_H

#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"

#define TH_TOKEN_LEN 47 /* "thg_" and 43 letters: 256 bits */

/* out: TH_TOKEN_LEN + 1 bytes. */
void th_token_make(char *out);
/* The stored form: lower-case hex of SHA-256; out: 65 bytes. */
void th_token_hash(struct th_str token, char out[65]);

/* hook.tokens: NODE:KIND:TOKEN[@ADDRESS], comma separated. A token stands for one node and one
 * kind; it may be listed once for each of several addresses. Immutable once read: any thread. */
struct th_hook_tokens;
struct th_hook_token {
    int node; /* 0: any (`*`) */
    bool mtls;
    const char *token;
    const char *address; /* the only source it may come from, as inet_ntop writes it; "" any */
};

int th_hook_tokens_read(struct th_hook_tokens **out, const char *text, struct th_error *err) TH_MUST_CHECK;
void th_hook_tokens_free(struct th_hook_tokens *t);
/* Some token is tied to an address, so that the caller's has to be known. */
bool th_hook_tokens_tied(const struct th_hook_tokens *t);
/* NULL: none. Looks at every entry, each in constant time. peer: the caller's address without the port. */
const struct th_hook_token *th_hook_tokens_find(
    const struct th_hook_tokens *t, struct th_str token, struct th_str peer);
/* The first token that a node of this kind may use, for the broker's configuration; NULL: none. */
const struct th_hook_token *th_hook_tokens_of_node(const struct th_hook_tokens *t, int node, bool mtls);

#endif
