/* SPDX-License-Identifier: Apache-2.0
 *
 * `thingd lua test FILE|DIR...`: loads scripts with the limits of live ones and runs the tests that stand in
 * them. A folder means its init.lua. No server is needed. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/json.h"
#include "bind/try.h"
#include "cli/cli.h"

static bool read_script(const char *path, struct th_buf *text)
{
    char inside[4200];
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        snprintf(inside, sizeof inside, "%s/init.lua", path);
        path = inside;
    }
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        fprintf(stderr, "thingd: %s: %m\n", path);
        return false;
    }
    size_t n;
    while ((n = fread(th_buf_room(text, 4096), 1, 4096, f)) > 0)
        text->n += n;
    fclose(f);
    return true;
}

static struct th_str text_of(const struct th_json *j, uint32_t at, const char *name)
{
    const struct th_json_node *n = th_json_get(j, at, th_str(name));
    if (n == NULL)
        return (struct th_str){"", 0};
    return n->type == TH_JSON_STRING ? n->text : n->raw;
}

static void print_tests(const struct th_json *j, uint32_t tests, unsigned *passed, unsigned *failed)
{
    TH_JSON_EACH (j, tests, i) {
        bool ok = th_json_get(j, i, TH_STR("passed"))->truth;
        struct th_str name = text_of(j, i, "name"), why = text_of(j, i, "message"),
                      seen = text_of(j, i, "effects");
        printf("  %s  %.*s\n", ok ? "ok  " : "FAIL", TH_STR_FMT(name));
        if (!ok)
            printf("        %.*s; they are %.*s\n", TH_STR_FMT(why), TH_STR_FMT(seen));
        *(ok ? passed : failed) += 1;
    }
}

static void test(
    const struct th_conf *conf, const char *home, const char *path, unsigned *passed, unsigned *failed)
{
    struct th_buf text = {0};
    struct th_arena arena;
    struct th_json j;
    th_arena_init(&arena);
    puts(path);
    if (read_script(path, &text)) {
        struct th_try t = {.conf = conf,
            .home = home,
            .product = "product",
            .device = "device",
            .source = th_buf_cstr(&text)};
        th_try_run(&t);
        if (th_json_read(&j, &arena, th_buf_view(&t.out), NULL) == 0) {
            const struct th_json_node *error = th_json_get(&j, 0, TH_STR("error"));
            if (error != NULL) {
                uint32_t at = th_json_index(&j, error);
                struct th_str where = text_of(&j, at, "where"), line = text_of(&j, at, "line");
                struct th_str message = text_of(&j, at, "message");
                printf("  FAIL  %.*s:%.*s: %.*s\n", TH_STR_FMT(where), TH_STR_FMT(line), TH_STR_FMT(message));
                ++*failed;
            }
            print_tests(&j, th_json_index(&j, th_json_get(&j, 0, TH_STR("tests"))), passed, failed);
        }
        th_buf_free(&t.out);
    } else {
        ++*failed;
    }
    th_buf_free(&text);
    th_arena_free(&arena);
}

int th_cli_lua(int argc, char **argv)
{
    struct th_arena arena;
    unsigned passed = 0, failed = 0;
    struct th_conf *conf = th_cli_conf(&argc, argv);
    if (conf == NULL)
        return 1;
    if (argc < 3 || strcmp(argv[1], "test") != 0) {
        fputs("usage: thingd lua test FILE|FOLDER...\n", stderr);
        th_conf_free(conf);
        return 2;
    }
    th_arena_init(&arena);
    const char *home = th_cli_home(conf, &arena);
    for (int i = 2; home != NULL && i < argc; i++)
        test(conf, home, argv[i], &passed, &failed);
    if (home != NULL)
        printf("%u passed, %u failed\n", passed, failed);
    th_arena_free(&arena);
    th_conf_free(conf);
    return home != NULL && failed == 0 ? 0 : 1;
}
