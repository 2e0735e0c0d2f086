/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sim_fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRODUCTS "/api/v1/products"
#define DEVICES PRODUCTS "/" TH_SIM_PRODUCT "/devices"
#define STATE_MAX (1024 * 1024)

static const char *const places[] = {"Office", "Meeting room", "Kitchen", "Lab", "Lobby"};

static void name_members(struct th_sim_fleet *f, int count)
{
    int kinds = (int)(sizeof(places) / sizeof(places[0]));

    f->members = th_calloc((size_t)count, sizeof(f->members[0]));
    f->count = count;
    for (int i = 0; i < count; i++) {
        struct th_sim_member *m = &f->members[i];

        snprintf(m->key, sizeof(m->key), "air-%d", i + 1);
        if (i < kinds)
            snprintf(m->place, sizeof(m->place), "%s", places[i]);
        else
            snprintf(m->place, sizeof(m->place), "%s %d", places[i % kinds], i / kinds + 1);
    }
}

static int take_secrets(struct th_sim_fleet *f, struct th_str text, const char *path, struct th_error *err)
{
    const struct th_json_node *devices = NULL;
    struct th_json json = {0};
    struct th_arena arena;
    int code;

    th_arena_init(&arena);
    code = th_json_read(&json, &arena, text, NULL);
    if (code == 0 && json.nodes[0].type == TH_JSON_OBJECT)
        devices = th_json_get(&json, 0, TH_STR("devices"));
    if (devices == NULL || devices->type != TH_JSON_OBJECT) {
        th_arena_free(&arena);
        return th_fail(err, TH_EINVAL, "%s is not a state file of `thingd sim`", path);
    }
    for (int i = 0; i < f->count; i++) {
        const struct th_json_node *secret =
            th_json_get(&json, th_json_index(&json, devices), th_str(f->members[i].key));

        if (secret != NULL && secret->type == TH_JSON_STRING)
            f->members[i].secret = th_strdup(th_arena_dup(&arena, secret->text.p, secret->text.n));
    }
    th_arena_free(&arena);
    return 0;
}

static int load_state(struct th_sim_fleet *f, const char *path, struct th_error *err)
{
    struct th_buf text = {0};
    FILE *fp = fopen(path, "re");
    int code;

    if (fp == NULL)
        return errno == ENOENT ? 0 : th_fail(err, TH_EIO, "cannot read %s: %m", path);
    text.n = fread(th_buf_room(&text, STATE_MAX), 1, STATE_MAX, fp);
    fclose(fp);
    code = take_secrets(f, th_buf_view(&text), path, err);
    th_buf_free(&text);
    return code;
}

static bool write_whole(int fd, struct th_str text)
{
    while (text.n > 0) {
        ssize_t n = write(fd, text.p, text.n);

        if (n < 0)
            return false;
        text.p += n;
        text.n -= (size_t)n;
    }
    return fsync(fd) == 0;
}

/* Beside the file, then in its place: a crash leaves the old one or the new one. */
static int save_state(const struct th_sim_fleet *f, const char *path, struct th_error *err)
{
    struct th_buf text = {0}, aside = {0};
    const char *comma = "";
    bool good = false;
    int fd;

    th_buf_puts(&text, "{\"product\":\"" TH_SIM_PRODUCT "\",\"devices\":{");
    for (int i = 0; i < f->count; i++) {
        if (f->members[i].secret == NULL)
            continue;
        th_buf_printf(&text, "%s\n  \"%s\":", comma, f->members[i].key);
        th_json_put_str(&text, th_str(f->members[i].secret));
        comma = ",";
    }
    th_buf_puts(&text, "\n}}\n");
    th_buf_printf(&aside, "%s.new", path);
    unlink(th_buf_cstr(&aside));
    fd = open(aside.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        good = write_whole(fd, th_buf_view(&text));
        close(fd);
        good = good && rename(aside.p, path) == 0;
    }
    if (!good)
        th_fail(err, TH_EIO, "cannot write %s: %m", path);
    th_buf_free(&text);
    th_buf_free(&aside);
    return good ? 0 : -TH_EIO;
}

static int look(struct th_client *api, const char *path, bool *exists, struct th_error *err)
{
    struct th_client_answer answer;
    int code = th_client_call(api, "GET", path, NULL, &answer, err);

    *exists = answer.status == 200;
    if (code == 0 && !*exists && answer.status != 404)
        code = th_client_refused(&answer, "GET", path, err);
    th_client_answer_free(&answer);
    return code;
}

/* A creation that was answered 201 with an object. Free the answer in any case. */
static int post(struct th_client *api, const char *path, const char *body, struct th_client_answer *answer,
    struct th_error *err)
{
    int code = th_client_call(api, "POST", path, body, answer, err);

    if (code != 0)
        return code;
    if (answer->status != 201 || answer->json.count == 0 || answer->json.nodes[0].type != TH_JSON_OBJECT)
        return th_client_refused(answer, "POST", path, err);
    return 0;
}

static int ensure_product(struct th_client *api, struct th_error *err)
{
    static const char body[] = "{\"key\":\"" TH_SIM_PRODUCT "\",\"name\":\"Air monitor\","
                               "\"description\":\"Simulated air-quality monitors (thingd sim demo)\"}";
    struct th_client_answer answer;
    bool exists;
    int code = look(api, PRODUCTS "/" TH_SIM_PRODUCT, &exists, err);

    if (code != 0 || exists)
        return code;
    code = post(api, PRODUCTS, body, &answer, err);
    th_client_answer_free(&answer);
    return code;
}

/* Keeps the secret of an answer: it is said once. */
static int take_secret(
    struct th_sim_member *m, struct th_client_answer *answer, uint32_t object, struct th_error *err)
{
    const struct th_json_node *secret = th_json_get(&answer->json, object, TH_STR("secret"));

    if (secret == NULL || secret->type != TH_JSON_STRING)
        return th_fail(err, TH_EIO, "the API answered without the secret of %s", m->key);
    th_free(m->secret);
    m->secret = th_strdup(th_arena_dup(&answer->arena, secret->text.p, secret->text.n));
    return 0;
}

static int make_device(struct th_sim_member *m, struct th_client *api, struct th_error *err)
{
    const struct th_json_node *credentials;
    struct th_client_answer answer;
    struct th_buf body = {0};
    int code;

    th_buf_printf(&body, "{\"key\":\"%s\",\"name\":\"%s\",\"tags\":[\"demo\"]}", m->key, m->place);
    code = post(api, DEVICES, th_buf_cstr(&body), &answer, err);
    if (code == 0) {
        credentials = th_json_get(&answer.json, 0, TH_STR("credentials"));
        if (credentials != NULL && credentials->type == TH_JSON_OBJECT)
            code = take_secret(m, &answer, th_json_index(&answer.json, credentials), err);
        else
            code = th_fail(err, TH_EIO, "the API answered without credentials for %s", m->key);
    }
    th_client_answer_free(&answer);
    th_buf_free(&body);
    return code;
}

/* One more key for a device whose secret nobody here knows. */
static int add_key(struct th_sim_member *m, struct th_client *api, struct th_error *err)
{
    struct th_client_answer answer;
    char path[160];
    int code;

    snprintf(path, sizeof(path), DEVICES "/%s/keys", m->key);
    code = post(api, path, "{}", &answer, err);
    if (code == 0)
        code = take_secret(m, &answer, 0, err);
    th_client_answer_free(&answer);
    return code;
}

/* *made: there is a new secret to be kept. */
static int ensure_member(struct th_sim_member *m, struct th_client *api, bool *made, struct th_error *err)
{
    char path[160];
    bool exists;
    int code;

    *made = false;
    snprintf(path, sizeof(path), DEVICES "/%s", m->key);
    code = look(api, path, &exists, err);
    if (code != 0 || (exists && m->secret != NULL))
        return code;
    code = exists ? add_key(m, api, err) : make_device(m, api, err);
    *made = code == 0;
    return code;
}

int th_sim_fleet_open(
    struct th_sim_fleet *f, struct th_client *api, int count, const char *state_file, struct th_error *err)
{
    bool made = false;
    int code;

    *f = (struct th_sim_fleet){0};
    name_members(f, count);
    code = load_state(f, state_file, err);
    if (code == 0)
        code = ensure_product(api, err);
    for (int i = 0; i < count && code == 0; i++) {
        code = ensure_member(&f->members[i], api, &made, err);
        if (code == 0 && made)
            code = save_state(f, state_file, err);
    }
    return code;
}

void th_sim_fleet_free(struct th_sim_fleet *f)
{
    for (int i = 0; i < f->count; i++)
        th_free(f->members[i].secret);
    th_free(f->members);
}
