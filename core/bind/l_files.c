// SPDX-License-Identifier: Apache-2.0
//
// thing.files for trusted code: the folder `files.dir` (io/files.h). All but on() wait; the work is done on a
// thread of libuv's pool. Errors are nil, message, code.
//
//   on() -> whether there is a folder
//   write(name, at, text) -> true                on disk
//   write_body(name, at) -> true                 the same with the body of this request, see api_task.h
//   read(name, at, n) -> text, "" at the end     n up to 1 MiB
//   remove(name) -> true                         also when there is none
//   sha256(name) -> 32 bytes, size
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include "base/conf.h"
#include "bind/api_task.h"
#include "io/files.h"
#include "io/offload.h"

#define READ_MAX (1u << 20)

struct filework {
    struct th_api_task *task;
    int (*run)(struct filework *f);
    const char *dir;
    char name[TH_FILE_NAME_MAX + 1];
    uint64_t at;
    char *data; /* to write, or room for what is read */
    size_t n;
    unsigned char digest[32];
    int code;
    struct th_error err;
};

static int run_write(struct filework *f)
{
    return th_file_write(f->dir, f->name, f->at, (struct th_str){f->data, f->n}, &f->err);
}

static int run_read(struct filework *f)
{
    return th_file_read(f->dir, f->name, f->at, f->data, f->n, &f->n, &f->err);
}

static int run_remove(struct filework *f)
{
    return th_file_remove(f->dir, f->name, &f->err);
}

static int run_sha256(struct filework *f)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    size_t got = 0;
    int rc = EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 ? 0 : -TH_ECRYPTO;
    f->data = th_alloc(READ_MAX);
    do {
        if (rc == 0)
            rc = th_file_read(f->dir, f->name, f->at, f->data, READ_MAX, &got, &f->err);
        if (rc == 0)
            EVP_DigestUpdate(hash, f->data, got);
        f->at += got;
    } while (rc == 0 && got == READ_MAX);
    EVP_DigestFinal_ex(hash, f->digest, NULL);
    EVP_MD_CTX_free(hash);
    return rc;
}

static void on_work(void *arg)
{
    struct filework *f = arg;
    f->code = f->run(f);
}

/* The coroutine may be gone: what it needs is handed over in its task, the rest is freed here. */
static void on_done(void *arg)
{
    struct filework *f = arg;
    f->task->extra = f;
    th_api_resume(f->task);
    th_free(f->data);
    th_free(f);
}

static int fail(lua_State *L, const char *message, int code)
{
    lua_pushnil(L);
    lua_pushstring(L, message);
    lua_pushstring(L, th_err_name(code));
    return 3;
}

static int finished(lua_State *L, int status, lua_KContext context)
{
    const struct filework *f = th_api_task_of(L)->extra;
    if (f->code != 0)
        return fail(L, f->err.msg, f->code);
    if (f->run == run_read) {
        lua_pushlstring(L, f->data, f->n);
        return 1;
    }
    if (f->run == run_sha256) {
        lua_pushlstring(L, (const char *)f->digest, sizeof f->digest);
        lua_pushinteger(L, (lua_Integer)f->at);
        return 2;
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* Takes data over. */
static int start(lua_State *L, int (*run)(struct filework *f), uint64_t at, char *data, size_t n)
{
    struct th_api_task *t = th_api_task_of(L);
    struct th_str name;
    name.p = luaL_checklstring(L, 1, &name.n);
    struct filework *f = th_calloc(1, sizeof *f);
    *f = (struct filework){.task = t, .run = run, .at = at, .data = data, .n = n};
    f->dir = t->api->w->rt->conf->files_dir;
    snprintf(f->name, sizeof f->name, "%.*s", TH_STR_FMT(name));
    int rc = f->dir[0] == '\0' ? -TH_EUNAVAIL : th_offload(t->api->w, on_work, on_done, f);
    if (rc == 0)
        return th_api_wait(L, t, finished);
    th_free(f->data);
    th_free(f);
    return fail(L, rc == -TH_EUNAVAIL ? "files.dir is not set" : "too many files at once", rc);
}

static void check_name(lua_State *L)
{
    struct th_str name;
    name.p = luaL_checklstring(L, 1, &name.n);
    luaL_argcheck(L, th_file_name_ok(name), 1, "not the name of a file");
}

static uint64_t check_at(lua_State *L)
{
    lua_Integer at = luaL_checkinteger(L, 2);
    luaL_argcheck(L, at >= 0, 2, "before the file");
    return (uint64_t)at;
}

static int files_on(lua_State *L)
{
    lua_pushboolean(L, th_api_of(L)->w->rt->conf->files_dir[0] != '\0');
    return 1;
}

static int files_write(lua_State *L)
{
    size_t n;
    check_name(L);
    uint64_t at = check_at(L);
    const char *text = luaL_checklstring(L, 3, &n);
    char *data = th_alloc(n + 1);
    memcpy(data, text, n);
    return start(L, run_write, at, data, n);
}

static int files_write_body(lua_State *L)
{
    struct th_api_task *t = th_api_task_of(L);
    check_name(L);
    uint64_t at = check_at(L);
    luaL_argcheck(L, t->body != NULL, 1, "the request has no body that was held back");
    char *data = t->body;
    t->body = NULL; /* its bytes stay counted until the task ends */
    return start(L, run_write, at, data, t->body_size);
}

static int files_read(lua_State *L)
{
    check_name(L);
    uint64_t at = check_at(L);
    lua_Integer n = luaL_checkinteger(L, 3);
    luaL_argcheck(L, n > 0 && n <= (lua_Integer)READ_MAX, 3, "1 byte to 1 MiB");
    return start(L, run_read, at, th_alloc((size_t)n), (size_t)n);
}

static int files_remove(lua_State *L)
{
    check_name(L);
    return start(L, run_remove, 0, NULL, 0);
}

static int files_sha256(lua_State *L)
{
    check_name(L);
    return start(L, run_sha256, 0, NULL, 0);
}

static const luaL_Reg functions[] = {{"on", files_on}, {"read", files_read}, {"remove", files_remove},
    {"sha256", files_sha256}, {"write", files_write}, {"write_body", files_write_body}, {NULL, NULL}};

int th_api_open_files(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
