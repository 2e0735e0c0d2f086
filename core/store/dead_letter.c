/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "store/dead_letter.h"

/* A table of fixed size, so that a flood of made-up device names costs no memory: two pairs that meet in a
 * slot share its count, and the limit is reached a little early. */
#define SLOTS 4096

struct th_dead_letters {
    int64_t per_minute;
    int64_t minute;
    uint16_t count[SLOTS];
};

struct th_dead_letters *th_dead_letters_new(int64_t per_minute)
{
    struct th_dead_letters *d = th_calloc(1, sizeof *d);
    d->per_minute = per_minute;
    return d;
}

void th_dead_letters_free(struct th_dead_letters *d)
{
    th_free(d);
}

void th_dead_letter_judge(struct th_store *s, struct th_message *m)
{
    struct th_dead_letters *d = s->dead;
    int64_t minute = th_clock_ms() / 60000;
    if (minute != d->minute) {
        d->minute = minute;
        memset(d->count, 0, sizeof d->count);
    }
    uint64_t hash = th_str_hash_keyed(m->device_key) * 31 + th_str_hash_keyed(th_str(m->dead_reason));
    uint16_t *count = &d->count[(hash ^ hash >> 32) % SLOTS];
    if (*count >= d->per_minute) {
        m->verdict = TH_VERDICT_REFUSED;
        return;
    }
    ++*count;
    m->verdict = TH_VERDICT_DEAD;
}

int64_t th_dead_letter_time(const struct th_message *m)
{
    return th_clock_ms() - (int64_t)(th_clock_mono_us() - m->arrived_us) / 1000;
}

struct th_str th_dead_letter_text(struct th_buf *scratch, struct th_str s)
{
    s = th_str_cut(s, 1000);
    if (th_str_is_utf8(s) && (s.n == 0 || memchr(s.p, 0, s.n) == NULL))
        return s;
    th_buf_reset(scratch);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        th_buf_putc(scratch, ch < 0x20 || ch >= 0x7f ? '?' : (char)ch);
    }
    return th_buf_view(scratch);
}
