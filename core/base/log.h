/* SPDX-License-Identifier: Apache-2.0
 *
 * One line per event on standard error, key=value or JSON, from any thread. A line carries time, level, the
 * worker's number, the request id when one is set on this thread, a short constant event name, and fields.
 * Values are escaped; secrets are never logged. The same event from the same place more than 20 times in ten
 * seconds is counted and told in one line afterwards. */
#ifndef TH_LOG_H
#define TH_LOG_H

#include <stdbool.h>

enum th_log_level { TH_LOG_DEBUG, TH_LOG_INFO, TH_LOG_WARN, TH_LOG_ERROR };

struct th_log_site { /* per call site, for the rate limit */
    long window;
    unsigned count;
};

void th_log_init(enum th_log_level level, bool json);
bool th_log_on(enum th_log_level level);
/* Both per thread; NULL or -1 for none. The request id is copied (at most 63 bytes). */
void th_log_set_worker(int index);
void th_log_set_request(const char *id);

/* fmt is the fields part: "device=%s rows=%d"; a value that may hold blanks or was chosen by an outsider is
 * written as key="%s" and is escaped (base/logfmt.h). errno is kept. */
void th_log_at(struct th_log_site *site, enum th_log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#define TH_LOG_(level, event, ...)                                                                           \
    do {                                                                                                     \
        static struct th_log_site th_site_;                                                                  \
        if (th_log_on(level))                                                                                \
            th_log_at(&th_site_, level, event, __VA_ARGS__);                                                 \
    } while (0)
#define th_debug(event, ...) TH_LOG_(TH_LOG_DEBUG, event, __VA_ARGS__)
#define th_info(event, ...) TH_LOG_(TH_LOG_INFO, event, __VA_ARGS__)
#define th_warn(event, ...) TH_LOG_(TH_LOG_WARN, event, __VA_ARGS__)
#define th_erro(event, ...) TH_LOG_(TH_LOG_ERROR, event, __VA_ARGS__)

#endif
