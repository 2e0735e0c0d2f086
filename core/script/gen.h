/* SPDX-License-Identifier: Apache-2.0
 *
 * A generation is one loaded set of scripts of one product in a lua_State of its own: trusted modules, the
 * default product, the product's own modules and its script. It is built aside, used while it is current,
 * retired when a new one takes its place and freed when its last task has ended. A generation never changes
 * after it was built. One thread owns it. */
#ifndef TH_GEN_H
#define TH_GEN_H

#include <stdbool.h>
#include <stdint.h>
#include <lua.h>
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "script/task.h"

enum th_role {
    TH_ROLE_TRUSTED, /* ours: sees the real libraries; scripts may require it, read-only */
    TH_ROLE_DEFAULT, /* ours, in the sandbox: handlers used where the product has none */
    TH_ROLE_MODULE,  /* the product's: loaded by the first require() of its name */
    TH_ROLE_PRODUCT  /* the product's script: returns {api = 1, on_property = ...} */
};

/* Sources are loaded in the order given; a module that is required sooner is loaded then. Trusted ones come
 * first: thing becomes read-only with the first that is not. */
struct th_source {
    enum th_role role;
    const char *name;  /* for require(); NULL = cannot be required */
    const char *chunk; /* file name shown in errors, without a path of this machine */
    struct th_str text;
};

/* One part of the thing namespace. open leaves one value: name given = thing[name] is that value; name NULL =
 * it is a table whose fields are merged into thing. Tables are shown to scripts read-only. */
struct th_binding {
    const char *name;
    lua_CFunction open;
};

struct th_limits {
    size_t memory;    /* bytes of the whole state; default 16 MiB */
    uint32_t cpu_us;  /* of one call; default 50 ms */
    uint32_t wall_us; /* of one slice of a call; default 1 s */
    uint32_t load_us; /* CPU time of building it; default 500 ms */
};

/* A line of a script's log. ctx is the call's; text is valid during the call only. */
typedef void (*th_gen_log_cb)(
    struct th_gen *gen, void *ctx, enum th_log_level level, struct th_str text, const char *where, int line);

struct th_gen_spec {
    struct th_budget *budget;
    const char *name; /* shown in reports: the product's key */
    int64_t version;  /* of its script; 0 = it has none */
    const struct th_source *sources;
    size_t source_count;
    const struct th_binding *const *bindings; /* NULL-terminated list of lists, each ended by open = NULL */
    struct th_limits limits;                  /* 0 in a field = its default */
    th_gen_log_cb log;                        /* NULL = dropped */
    void *owner;                              /* th_gen_owner() */
};

/* Everything in spec is copied, the bindings' list excepted. On failure *report (NULL allowed) has chunk,
 * line and, for a syntax error, column; err->msg has the same in one line. The new generation has one
 * reference. */
int th_gen_new(struct th_gen **out, const struct th_gen_spec *spec, struct th_report *report,
    struct th_error *err) TH_MUST_CHECK;

void th_gen_ref(struct th_gen *gen);
/* The last reference frees it, when its last task has ended. */
void th_gen_unref(struct th_gen *gen);
/* Cancels every waiting task. */
void th_gen_cancel_all(struct th_gen *gen);

bool th_gen_has(struct th_gen *gen, const char *function);
const char *th_gen_name(const struct th_gen *gen);
int64_t th_gen_version(const struct th_gen *gen);
void *th_gen_owner(const struct th_gen *gen);
size_t th_gen_memory(const struct th_gen *gen);  /* bytes now */
unsigned th_gen_tasks(const struct th_gen *gen); /* waiting */

/* To be asked after a call that was killed: true when no new call should be started here, because the kill
 * came inside a C function or memory stays high after a full collection (done here, at most 20 ms). Calls
 * that wait may still finish, unless the state was left by an escape: then they end with TH_RUN_KILLED_IN_C.
 */
bool th_gen_spent(struct th_gen *gen);

/* Runs fn inside the generation as a call of the host: limits, report and all. For tests and tools. */
enum th_run th_gen_call(struct th_gen *gen, lua_CFunction fn, enum th_phase phase, void *ctx, uint32_t cpu_us,
    struct th_report *report);

/* Logs the string on top of the stack, and pops it; within the call's caps on lines and bytes. */
void th_gen_log(lua_State *L, enum th_log_level level);

/* The product's own table (what its script returned), pushed; nil when it has no script. */
void th_gen_push_product(lua_State *L);

#endif
