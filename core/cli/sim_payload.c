/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_payload.h"

#include <stdio.h>
#include <string.h>

#define SMALLEST 60
#define LARGEST (1024 * 1024)

int th_sim_payload_open(struct th_sim_payload *p, const char *spec, struct th_error *err)
{
    char piece[16384];
    int64_t size;
    size_t n;
    FILE *f;

    *p = (struct th_sim_payload){0};
    if (th_str_int(th_str(spec), &size)) {
        if (size < SMALLEST || size > LARGEST)
            return th_fail(err, TH_EINVAL, "--payload wants %d to %d bytes, or a file", SMALLEST, LARGEST);
        p->size = (size_t)size;
        return 0;
    }
    f = fopen(spec, "rbe");
    if (f == NULL)
        return th_fail(err, TH_EIO, "cannot read %s: %m", spec);
    th_buf_cstr(&p->file);
    while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
        th_buf_put(&p->file, piece, n);
    fclose(f);
    return 0;
}

void th_sim_payload_close(struct th_sim_payload *p)
{
    th_buf_free(&p->file);
}

struct th_str th_sim_payload_make(const struct th_sim_payload *p, int64_t number, struct th_buf *scratch)
{
    static const char fill[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    if (p->file.p != NULL)
        return th_buf_view(&p->file);
    th_buf_reset(scratch);
    th_buf_printf(scratch, "{\"id\":\"%lld\",\"params\":{\"temperature\":%.1f,\"humidity\":%d",
        (long long)number, 20 + (double)(number % 100) / 10, (int)(30 + number % 50));
    if (p->size > scratch->n + strlen(",\"note\":\"\"},\"ack\":0}")) {
        size_t left = p->size - scratch->n - strlen(",\"note\":\"\"},\"ack\":0}");

        th_buf_puts(scratch, ",\"note\":\"");
        for (; left > 0; left -= left < 36 ? left : 36)
            th_buf_put(scratch, fill, left < 36 ? left : 36);
        th_buf_puts(scratch, "\"");
    }
    th_buf_puts(scratch, "},\"ack\":0}");
    return th_buf_view(scratch);
}
