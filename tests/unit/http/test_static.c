/* SPDX-License-Identifier: Apache-2.0 */
#include "door.h"

#include <fcntl.h>
#include <sys/stat.h>
#include "http/static.h"

static struct th_static *dashboard;
static char folder[128];
static char script[3000];

static void on_request(struct th_req *r)
{
    bool reserved = th_str_starts(r->path, TH_STR("/api/"));
    if (!th_static_serve(dashboard, r, reserved))
        th_reply_problem(r, &(struct th_problem){.status = 404});
}

static void put_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!TH_CHECK(f != NULL))
        return;
    fputs(text, f);
    fclose(f);
}

static void make_folder(void)
{
    char path[256];
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/th-static-XXXXXX", tmp != NULL ? tmp : P_tmpdir);
    TH_CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/assets", folder);
    mkdir(path, 0700);
    for (size_t i = 0; i + 1 < sizeof(script); i++)
        script[i] = "let x = 1;\n"[i % 11];
    put_file("index.html", "<!doctype html><title>thingd</title>");
    put_file("assets/app-3f2a9c1B.js", script);
    put_file("assets/plain.js", "1");
    put_file("logo.png", "png");
    put_file(".hidden", "secret");
    snprintf(path, sizeof(path), "%s/link.txt", folder);
    TH_EQ_INT(symlink("/etc/hostname", path), 0);
}

static void remove_folder(void)
{
    static const char *const names[] = {"assets/app-3f2a9c1B.js", "assets/plain.js", "assets", "index.html",
        "logo.png", ".hidden", "link.txt", ""};
    char path[256];
    for (size_t i = 0; i < TH_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        TH_ROW("%s", path);
        TH_EQ_INT(remove(path), 0);
    }
}

static int ask(const char *method, const char *path, const char *headers)
{
    char text[512];
    snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n", method, path,
        headers);
    return client_once(text);
}

static void test_files(void)
{
    TH_EQ_INT(ask("GET", "/assets/app-3f2a9c1B.js", ""), 200);
    TH_CHECK(client_has("content-type: text/javascript; charset=utf-8\r\n"));
    TH_CHECK(client_has("cache-control: public, max-age=31536000, immutable\r\n"));
    TH_CHECK(client_has("vary: accept-encoding\r\n") && client_has(script));
    TH_EQ_INT(ask("GET", "/assets/plain.js", ""), 200);
    TH_CHECK(client_has("cache-control: no-cache\r\n"));
    TH_EQ_INT(ask("GET", "/logo.png?x=1", ""), 200);
    TH_CHECK(client_has("content-type: image/png\r\n") && !client_has("vary"));
    TH_EQ_INT(ask("GET", "/", ""), 200);
    TH_CHECK(client_has("<title>thingd") && client_has("script-src 'self'"));
    TH_EQ_INT(ask("HEAD", "/index.html", ""), 200);
    TH_CHECK(!client_has("<title>") && client_has("Content-Length: 36\r\n"));
}

static void test_gzip(void)
{
    TH_EQ_INT(ask("GET", "/assets/app-3f2a9c1B.js", "Accept-Encoding: gzip\r\n"), 200);
    TH_CHECK(client_has("content-encoding: gzip\r\n") && !client_has("let x"));
    TH_CHECK(client_n < 1500);
}

static void test_etags(void)
{
    char again[256], etag[64] = "";
    TH_EQ_INT(ask("GET", "/assets/app-3f2a9c1B.js", ""), 200);
    const char *at = strstr(client_got, "etag: ");
    TH_CHECK(at != NULL && sscanf(at, "etag: %63s", etag) == 1 && etag[0] == '"');
    static const char *const forms[] = {
        "If-None-Match: %s\r\n", "If-None-Match: \"x\", W/%s\r\n", "If-None-Match: *\r\n"};
    for (size_t i = 0; i < TH_COUNT(forms); i++) {
        snprintf(again, sizeof(again), forms[i], etag);
        TH_ROW("%s", again);
        TH_EQ_INT(ask("GET", "/assets/app-3f2a9c1B.js", again), 304);
        TH_CHECK(client_has("etag: ") && !client_has("let x"));
    }
    /* The packed form is another representation. */
    snprintf(again, sizeof(again), "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n", etag);
    TH_EQ_INT(ask("GET", "/assets/app-3f2a9c1B.js", again), 200);
}

static void test_pages(void)
{
    static const char html[] = "Accept: text/html,application/xhtml+xml\r\n";
    TH_EQ_INT(ask("GET", "/devices/dev%201", html), 200);
    TH_CHECK(client_has("<title>thingd") && client_has("cache-control: no-cache\r\n"));
    TH_EQ_INT(ask("GET", "/devices/", html), 200);
    TH_EQ_INT(ask("GET", "/devices", "Accept: application/json\r\n"), 404);
    TH_EQ_INT(ask("GET", "/devices", ""), 404);
    TH_EQ_INT(ask("GET", "/api/v1/devices", html), 404);
    TH_EQ_INT(ask("GET", "/assets/gone-12345678.js", html), 404);
    TH_EQ_INT(ask("POST", "/devices", html), 404);
    static const char *const never[] = {"/.hidden", "/link.txt", "/../etc/hostname", "/%2e%2e/etc/hostname",
        "/a/..%2f..%2fetc", "/assets", "//x", "/a%00"};
    for (size_t i = 0; i < TH_COUNT(never); i++) {
        TH_ROW("%s", never[i]);
        int status = ask("GET", never[i], "");
        TH_EQ_INT(status, 404);
        TH_CHECK(!client_has("secret"));
    }
    TH_EQ_INT(ask("GET", "/a/..%2f..%2fetc", html), 404);
    TH_EQ_INT(ask("GET", "//x", html), 404);
}

static void test_wrong_folders(void)
{
    struct th_static *s;
    struct th_error err = {0};
    char path[256];
    snprintf(path, sizeof(path), "%s/none", folder);
    TH_EQ_INT(th_static_load(path, &s, &err), -TH_ENOTFOUND);
    TH_CHECK(strstr(err.msg, path) != NULL);
    snprintf(path, sizeof(path), "%s/assets", folder);
    TH_EQ_INT(th_static_load(path, &s, &err), -TH_ENOTFOUND);
    TH_CHECK(strstr(err.msg, "index.html") != NULL);
}

int main(void)
{
    struct th_error err = {0};
    make_folder();
    if (th_static_load(folder, &dashboard, &err) != 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    door_open(&door_wide, on_request);
    TH_RUN(test_files);
    TH_RUN(test_gzip);
    TH_RUN(test_etags);
    TH_RUN(test_pages);
    TH_RUN(test_wrong_folders);
    door_close(PATIENCE_MS);
    th_static_free(dashboard);
    remove_folder();
    return TH_END();
}
