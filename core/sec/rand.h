/* SPDX-License-Identifier: Apache-2.0
 *
 * Randomness of the kernel. Aborts when there is none. */
#ifndef TH_RAND_H
#define TH_RAND_H

#include <stddef.h>

void th_rand_bytes(void *out, size_t n);
/* n characters of 0-9 A-Z a-z, each equally likely, and a NUL: out has n + 1 bytes. 43 of them hold 256 bits.
 */
void th_rand_text(char *out, size_t n);

#endif
