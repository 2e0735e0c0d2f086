/* SPDX-License-Identifier: Apache-2.0
 *
 * A fuzz target defines LLVMFuzzerTestOneInput; an invariant that does not hold ends the program, which makes
 * the input a finding. Sanitizers find the rest. */
#ifndef TH_FUZZ_H
#define TH_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TH_FUZZ_CHECK(cond, ...)                                                                             \
    do {                                                                                                     \
        if (!(cond)) {                                                                                       \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #cond);                                       \
            fprintf(stderr, "" __VA_ARGS__);                                                                 \
            fputc('\n', stderr);                                                                             \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

static inline struct th_str fuzz_input(const uint8_t *data, size_t size)
{
    return (struct th_str){(const char *)data, size};
}

#endif
