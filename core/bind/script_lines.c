/* SPDX-License-Identifier: Apache-2.0
 *
 * What scripts log: by the product's level and under a cap on the rate, to the product's live log and to
 * those who watch. */
#include <stdio.h>

#include "base/clock.h"
#include "bind/call.h"
#include "bind/scripts_private.h"
#include "store/live.h"
#include "store/script_log.h"

#define LINES_PER_S 100 /* of one product and worker */

void th_lines_tell(struct th_scripts *s, struct th_product_script *e, const struct th_script_line *line)
{
    struct th_buf json = {0};
    th_script_log_put(s->w->rt->shared->script_log, line, &json);
    enum th_live_reach reach = th_live_wanted(s->w, TH_LIVE_SCRIPT_LOG, line->device);
    if (reach != TH_LIVE_NOBODY)
        th_live_publish(s->w, TH_LIVE_SCRIPT_LOG, reach, e->product_id, line->device, th_buf_view(&json));
    th_buf_free(&json);
}

static void tell_dropped(struct th_scripts *s, struct th_product_script *e)
{
    char text[80];
    snprintf(text, sizeof text, "%u lines dropped: more than %d a second", e->lines_dropped, LINES_PER_S);
    struct th_script_line line = {.product_id = e->product_id,
        .product = th_str(e->key),
        .device = TH_STR(""),
        .version = e->in_force.version,
        .level = TH_LOG_WARN,
        .where = TH_STR(""),
        .text = th_str(text)};
    e->lines_dropped = 0;
    th_lines_tell(s, e, &line);
}

void th_lines_put(struct th_scripts *s, struct th_product_script *e, const struct th_script_line *line)
{
    enum th_log_level least =
        e->debug_until_ms != 0 && th_clock_ms() < e->debug_until_ms ? TH_LOG_DEBUG : e->log_level;
    if (line->level < least)
        return;
    if (!th_rate_take(&e->lines, LINES_PER_S, th_clock_mono_us())) {
        e->lines_dropped++;
        return;
    }
    if (e->lines_dropped > 0)
        tell_dropped(s, e);
    th_lines_tell(s, e, line);
}

void th_lines_every_second(struct th_scripts *s)
{
    for (size_t i = 0; i < s->nslots; i++)
        for (struct th_product_script *e = s->slots[i]; e != NULL; e = e->next)
            if (e->lines_dropped > 0 && th_rate_take(&e->lines, LINES_PER_S, th_clock_mono_us()))
                tell_dropped(s, e);
}

/* Whose line it is. A generation that was replaced goes by the product's key. */
static struct th_product_script *entry_of(struct th_scripts *s, const struct th_gen *gen)
{
    struct th_product_script *found = NULL;
    if (s->loading != NULL)
        return s->loading;
    if (s->logged != NULL && (s->logged->in_force.gen == gen || s->logged->canary.gen == gen))
        return s->logged;
    for (size_t i = 0; i < s->nslots; i++)
        for (struct th_product_script *e = s->slots[i]; e != NULL; e = e->next)
            if (strcmp(e->key, th_gen_name(gen)) == 0 && (found == NULL || e->product_id > found->product_id))
                found = e;
    return s->logged = found;
}

void th_lines_on_log(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line)
{
    const struct th_call_context *c = ctx;
    struct th_worker *w = th_gen_owner(gen);
    if (w->scripts == NULL)
        return;
    struct th_product_script *e = entry_of(w->scripts, gen);
    if (e == NULL)
        return;
    struct th_script_line said = {.product_id = e->product_id,
        .product = th_str(e->key),
        .device = c != NULL && c->device != NULL ? th_str(c->device->key) : TH_STR(""),
        .version = th_gen_version(gen),
        .level = level,
        .where = th_str(where),
        .line = line,
        .text = text};
    th_lines_put(w->scripts, e, &said);
}

void th_scripts_failed(struct th_scripts *s, const struct th_device *d, const struct th_message *m,
    int64_t version, const struct th_report *r)
{
    char text[600];
    struct th_product_script *e = th_scripts_entry(s, d->product->id);
    if (e == NULL)
        return;
    th_errors_note(s, d, m, version, r);
    snprintf(text, sizeof text, "%s: %s", th_run_name(r->run), r->message);
    struct th_script_line said = {.product_id = e->product_id,
        .product = th_str(e->key),
        .device = th_str(d->key),
        .version = version,
        .level = TH_LOG_ERROR,
        .where = th_str(r->where),
        .line = r->line,
        .text = th_str(text)};
    th_lines_put(s, e, &said);
}
