/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "sec/rand.h"

void th_rand_bytes(void *out, size_t n)
{
    unsigned char *p = out;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            perror("thingd: getrandom");
            abort();
        }
        p += got;
        n -= (size_t)got;
    }
}

void th_rand_text(char *out, size_t n)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t done = 0;
    while (done < n) {
        unsigned char bytes[64];
        th_rand_bytes(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes && done < n; i++)
            if (bytes[i] < 248) /* 4 * 62: the rest would favour the first letters */
                out[done++] = letters[bytes[i] % 62];
    }
    out[n] = 0;
}
