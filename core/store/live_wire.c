/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live_wire.h"

void th_live_wire_begin(struct th_buf *out, const char *type, const char *from)
{
    th_buf_printf(out, "%s %s\n", type, from);
}

/* Cuts the next line off; false when none is left. */
static bool next_line(struct th_live_note *note, struct th_str *line)
{
    return note->rest.p != NULL && note->rest.n > 0 && th_str_split(&note->rest, '\n', line);
}

bool th_live_wire_read(struct th_str text, struct th_live_note *out)
{
    struct th_str line;
    out->rest = text;
    if (!next_line(out, &line))
        return false;
    th_str_split(&line, ' ', &out->type);
    out->from = line;
    return line.p != NULL && out->type.n > 0 && out->from.n > 0;
}

static void put_device(void *arg, const char *device)
{
    struct th_buf *out = arg;
    th_buf_puts(out, device);
    th_buf_putc(out, '\n');
}

void th_live_wire_want(struct th_buf *out, const struct th_live_interest *interest)
{
    bool crowd = interest->ndevices > TH_LIVE_WIRE_DEVICES;
    for (int kind = 0; kind < TH_LIVE_KIND_COUNT; kind++) {
        if (crowd || interest->broad[kind] > 0)
            th_buf_printf(out, "%s ", th_live_kind_name((enum th_live_kind)kind));
    }
    th_buf_putc(out, '\n');
    if (!crowd)
        th_live_interest_each(interest, put_device, out);
}

unsigned th_live_wire_kinds(struct th_live_note *note)
{
    struct th_str line, word;
    unsigned kinds = 0;
    enum th_live_kind kind;
    if (!next_line(note, &line))
        return 0;
    while (th_str_split(&line, ' ', &word)) {
        if (th_live_kind_of(word, &kind))
            kinds |= 1u << kind;
    }
    return kinds;
}

bool th_live_wire_device(struct th_live_note *note, struct th_str *device)
{
    return next_line(note, device) && th_str_is_key(*device);
}

void th_live_wire_event(struct th_buf *out, const struct th_live_event *e)
{
    th_buf_printf(out, "%s %s %lld %.*s %zu\n", th_live_kind_name(e->kind),
        e->reach == TH_LIVE_ALL ? "all" : "named", (long long)e->product_id, TH_STR_FMT(e->device),
        e->data.n);
    th_buf_str(out, e->data);
    th_buf_putc(out, '\n');
}

bool th_live_wire_item(struct th_live_note *note, struct th_live_item *out)
{
    struct th_str line, kind, reach, product, length;
    int64_t bytes;
    if (!next_line(note, &line))
        return false;
    th_str_split(&line, ' ', &kind);
    if (line.p == NULL || !th_str_split(&line, ' ', &reach) || line.p == NULL ||
        !th_str_split(&line, ' ', &product) || line.p == NULL || !th_str_split(&line, ' ', &out->device) ||
        line.p == NULL)
        return false;
    length = line;
    if (!th_str_int(product, &out->product_id) || !th_str_int(length, &bytes) || bytes < 0 ||
        note->rest.p == NULL || (uint64_t)bytes >= note->rest.n || note->rest.p[bytes] != '\n')
        return false;
    if (!th_live_kind_of(kind, &out->kind))
        out->kind = TH_LIVE_KIND_COUNT;
    out->reach = th_str_eq(reach, TH_STR("all")) ? TH_LIVE_ALL : TH_LIVE_NAMED;
    out->data = (struct th_str){note->rest.p, (size_t)bytes};
    note->rest.p += bytes + 1;
    note->rest.n -= (size_t)bytes + 1;
    return true;
}
