/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may connect, what the answer says, and that its ACL and the ACL hook are one. Mail to other workers,
 * the clock of the database's absence, the one statement that provisions a device, the reading of a product
 * and the product's script are played. */
#define th_worker_post play_post
#define th_store_away_ms play_away
#define th_pg_query play_query
#define th_product_get play_product
#define th_auth_by_script play_script
#include "hook/auth.c"
#include "hook/acl.c"

#include "../test.h"
#include "fixture.h"
#include "io/topic_match.h"

static struct th_mail *posted;
static int64_t away_ms;
static int query_code;
static char query_params[3][64];

void play_post(struct th_worker *to, struct th_mail *m)
{
    posted = m;
}

int64_t play_away(const struct th_store *s)
{
    return away_ms;
}

int play_query(struct th_pg_pool *p, const char *sql, bool keep, int nparams, const char *const *params,
    th_pg_cb cb, void *arg, struct th_pg_query **out)
{
    for (int i = 0; i < nparams && i < 3; i++)
        snprintf(query_params[i], sizeof query_params[i], "%s", params[i]);
    return query_code;
}

static struct {
    enum th_auth_verdict answer;
    int asked;
    bool known, decides;
    unsigned keys;
} script;

enum th_auth_verdict play_script(
    struct th_auth *who, const struct th_device *d, bool known, bool decides, const struct th_keys *keys)
{
    script.asked++;
    script.known = known;
    script.decides = decides;
    script.keys = keys->count;
    return script.answer;
}

static struct th_conf *conf;
static struct th_metrics metrics;
static struct th_worker worker;
static struct th_runtime rt = {.workers = &worker, .worker_count = 1};
static struct th_store store;
static struct th_auth a;

static void begin(bool mtls)
{
    worker.rt = &rt;
    store = (struct th_store){.w = &worker, .conf = conf, .metrics = &metrics};
    a = (struct th_auth){.home = &worker, .door = {0, mtls}, .store = &store};
    th_arena_init(&a.arena);
    posted = NULL;
    away_ms = query_code = 0;
    memset(&script, 0, sizeof script);
}

static void end(void)
{
    th_arena_free(&a.arena);
}

/* ---- the question ---- */

static void test_question(void)
{
    static const struct {
        const char *body;
        bool mtls;
        const char *product, *device; /* NULL: malformed */
    } all[] = {
        {"{\"client_id\":\"dev1\",\"username\":\"demo\",\"password\":\"x\"}", false, "demo", "dev1"},
        {"{\"client_id\":\"dev1\",\"username\":\"demo\"}", false, "demo", "dev1"},
        {"{\"client_id\":\"dev1\",\"username\":\"demo\",\"password\":7}", false, "demo", "dev1"},
        {"{\"client_id\":\"dev1\",\"username\":\"demo/dev1\",\"password\":\"\"}", true, "demo", "dev1"},
        {"{\"client_id\":\"dev1\",\"username\":\"O=x, CN=demo/dev1\"}", true, "demo", "dev1"},
        {"{\"client_id\":\"dev1\",\"username\":\"demo/dev1\",\"password\":\"\"}", false, NULL, NULL},
        {"{\"client_id\":\"dev2\",\"username\":\"demo/dev1\"}", true, NULL, NULL},
        {"{\"client_id\":\"\",\"username\":\"demo\"}", false, NULL, NULL},
        {"{\"client_id\":\"dev1\",\"username\":\"\"}", false, NULL, NULL},
        {"{\"client_id\":\"dev1\"}", false, NULL, NULL},
        {"{\"username\":\"demo\"}", false, NULL, NULL},
        {"{\"client_id\":1,\"username\":\"demo\"}", false, NULL, NULL},
        {"{\"client_id\":\"rmqtt_things\",\"username\":\"demo\"}", false, NULL, NULL},
        {"{\"client_id\":\"thingd\",\"username\":\"demo\"}", false, NULL, NULL},
        {"{\"client_id\":\"a\",\"client_id\":\"b\",\"username\":\"demo\"}", false, NULL, NULL},
        {"[]", false, NULL, NULL},
        {"", false, NULL, NULL},
        {"client_id=dev1&username=demo", false, NULL, NULL},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].body);
        begin(all[i].mtls);
        a.store = NULL;
        th_auth_ask(&a, th_str(all[i].body));
        TH_CHECK(posted == &a.mail);
        if (all[i].product != NULL) {
            TH_CHECK(a.mail.run == on_owner);
            TH_EQ_SLICE(a.product, all[i].product);
            TH_EQ_SLICE(a.device, all[i].device);
        } else {
            TH_CHECK(a.mail.run == deliver && a.verdict == TH_AUTH_MALFORMED);
        }
        end();
    }
}

/* ---- the verdict ---- */

static struct th_str two_keys[] = {{"old-key", 7}, {"new-key", 7}}, product_keys[] = {{"burnt-in", 8}};
static char product_name[] = "demo", device_name[] = "dev1", prefix[] = "dev";
static struct th_product product = {.key = product_name,
    .id = 5,
    .enabled = true,
    .auth = TH_AUTH_DEVICE_KEY,
    .provision_prefix = prefix,
    .keys = {product_keys, 1}};
static struct th_device device = {
    .key = device_name, .enabled = true, .product = &product, .keys = {two_keys, 2}};

static void ask_as(const char *who, const char *key, int64_t skew_s)
{
    struct th_buf password = {0};
    a.product = TH_STR("demo");
    a.device = th_str(who);
    if (key != NULL)
        th_password_make(&password, a.device, TH_STR("nonce0"), th_clock_ms() / 1000 + skew_s, th_str(key));
    a.password = (struct th_str){th_arena_dup(&a.arena, password.p, password.n), password.n};
    th_buf_free(&password);
}

static void test_known_device(void)
{
    static const struct {
        const char *why;
        bool mtls, product_mode, device_off, product_off, other_product;
        const char *key;
        int64_t skew_s, window_ms, away_ms;
        int code;
        enum th_auth_verdict verdict;
        bool by_script, denies; /* the password is left to on_auth; it says no */
        int asked;              /* beside those that are allowed */
    } all[] = {
        {.why = "first key", .key = "old-key", .verdict = TH_AUTH_ALLOW},
        {.why = "second key", .key = "new-key", .verdict = TH_AUTH_ALLOW},
        {.why = "the product's key", .key = "burnt-in", .verdict = TH_AUTH_MISMATCH},
        {.why = "no password", .key = NULL, .verdict = TH_AUTH_MALFORMED},
        {.why = "product mode", .product_mode = true, .key = "burnt-in", .verdict = TH_AUTH_ALLOW},
        {.why = "its own key in product mode",
            .product_mode = true,
            .key = "new-key",
            .verdict = TH_AUTH_MISMATCH},
        {.why = "late", .key = "new-key", .skew_s = -320, .verdict = TH_AUTH_CLOCK},
        {.why = "early", .key = "new-key", .skew_s = 320, .verdict = TH_AUTH_CLOCK},
        {.why = "late and wrong", .key = "wrong", .skew_s = -320, .verdict = TH_AUTH_MISMATCH},
        {.why = "within the default", .key = "new-key", .skew_s = -280, .verdict = TH_AUTH_ALLOW},
        {.why = "the product's wider window",
            .key = "new-key",
            .skew_s = -86000,
            .window_ms = 86400000,
            .verdict = TH_AUTH_ALLOW},
        {.why = "the product's narrower window",
            .key = "new-key",
            .skew_s = 30,
            .window_ms = 10000,
            .verdict = TH_AUTH_CLOCK},
        {.why = "device disabled", .device_off = true, .key = "new-key", .verdict = TH_AUTH_DISABLED},
        {.why = "product disabled", .product_off = true, .key = "new-key", .verdict = TH_AUTH_DISABLED},
        {.why = "another product's",
            .other_product = true,
            .key = "new-key",
            .verdict = TH_AUTH_WRONG_PRODUCT},
        {.why = "mtls", .mtls = true, .key = NULL, .verdict = TH_AUTH_ALLOW},
        {.why = "the script says no",
            .key = "new-key",
            .denies = true,
            .asked = 1,
            .verdict = TH_AUTH_SCRIPT},
        {.why = "mtls, the script says no",
            .mtls = true,
            .denies = true,
            .asked = 1,
            .verdict = TH_AUTH_SCRIPT},
        {.why = "left to the script", .by_script = true, .verdict = TH_AUTH_ALLOW},
        {.why = "left to the script, no",
            .by_script = true,
            .denies = true,
            .asked = 1,
            .verdict = TH_AUTH_SCRIPT},
        {.why = "left to the script, disabled",
            .by_script = true,
            .device_off = true,
            .verdict = TH_AUTH_DISABLED},
        {.why = "left to the script, another's",
            .by_script = true,
            .other_product = true,
            .verdict = TH_AUTH_WRONG_PRODUCT},
        {.why = "left to the script, mtls", .by_script = true, .mtls = true, .verdict = TH_AUTH_ALLOW},
        {.why = "mtls, disabled", .mtls = true, .device_off = true, .verdict = TH_AUTH_DISABLED},
        {.why = "mtls, another product's",
            .mtls = true,
            .other_product = true,
            .verdict = TH_AUTH_WRONG_PRODUCT},
        {.why = "not read", .code = -TH_EUNAVAIL, .key = "new-key", .verdict = TH_AUTH_BACKEND},
        {.why = "database away too long", .away_ms = INT64_MAX, .key = "new-key", .verdict = TH_AUTH_BACKEND},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].why);
        begin(all[i].mtls);
        away_ms = all[i].away_ms;
        product.auth = all[i].by_script      ? TH_AUTH_SCRIPT_DECIDES
                       : all[i].product_mode ? TH_AUTH_PRODUCT_KEY
                                             : TH_AUTH_DEVICE_KEY;
        script.answer = all[i].denies ? TH_AUTH_SCRIPT : TH_AUTH_ALLOW;
        product.enabled = !all[i].product_off;
        product.auth_window_ms = all[i].window_ms;
        device.enabled = !all[i].device_off;
        ask_as("dev1", all[i].key, all[i].skew_s);
        if (all[i].other_product)
            a.product = TH_STR("demo2");
        on_device(&a.wait, all[i].code == 0 ? &device : NULL, all[i].code);
        TH_CHECK(posted == &a.mail && a.mail.run == deliver);
        TH_EQ_INT(a.verdict, all[i].verdict);
        /* Nobody reaches the script whom the core refuses, and keys are for its own check only. */
        TH_EQ_INT(script.asked, all[i].verdict == TH_AUTH_ALLOW ? 1 : all[i].asked);
        TH_CHECK(script.asked == 0 || (script.known && script.decides == (all[i].by_script && !all[i].mtls)));
        TH_CHECK(script.asked == 0 || (script.keys == 0) == all[i].mtls);
        if (all[i].verdict == TH_AUTH_CLOCK)
            TH_CHECK(llabs(a.skew_s - all[i].skew_s) < 10);
        end();
    }
}

/* Provisioning needs the product's key, its permission, and a name from its range; a certificate does not do.
 */
static void test_unknown_device(void)
{
    static const struct {
        const char *why, *device, *key;
        bool absent, no_provision, device_mode, off, mtls, denies;
        int query_code;
        enum th_auth_verdict verdict; /* ALLOW: goes on to the statement */
    } all[] = {
        {.why = "provisions itself", .device = "dev77", .key = "burnt-in", .verdict = TH_AUTH_ALLOW},
        {.why = "wrong key", .device = "dev77", .key = "guess", .verdict = TH_AUTH_MISMATCH},
        {.why = "the script says no",
            .device = "dev77",
            .key = "burnt-in",
            .denies = true,
            .verdict = TH_AUTH_SCRIPT},
        {.why = "outside the range", .device = "xdev77", .key = "burnt-in", .verdict = TH_AUTH_UNKNOWN},
        {.why = "no such product",
            .device = "dev77",
            .key = "burnt-in",
            .absent = true,
            .verdict = TH_AUTH_UNKNOWN},
        {.why = "not permitted",
            .device = "dev77",
            .key = "burnt-in",
            .no_provision = true,
            .verdict = TH_AUTH_UNKNOWN},
        {.why = "keys per device",
            .device = "dev77",
            .key = "burnt-in",
            .device_mode = true,
            .verdict = TH_AUTH_UNKNOWN},
        {.why = "product disabled",
            .device = "dev77",
            .key = "burnt-in",
            .off = true,
            .verdict = TH_AUTH_DISABLED},
        {.why = "certificate", .device = "dev77", .mtls = true, .verdict = TH_AUTH_UNKNOWN},
        {.why = "database away",
            .device = "dev77",
            .key = "burnt-in",
            .query_code = -TH_EBUSY,
            .verdict = TH_AUTH_BACKEND},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].why);
        begin(all[i].mtls);
        query_code = all[i].query_code;
        memset(query_params, 0, sizeof query_params);
        product.absent = all[i].absent;
        product.provision = !all[i].no_provision;
        product.auth = all[i].device_mode ? TH_AUTH_DEVICE_KEY : TH_AUTH_PRODUCT_KEY;
        product.enabled = !all[i].off;
        product.auth_window_ms = 0;
        script.answer = all[i].denies ? TH_AUTH_SCRIPT : TH_AUTH_ALLOW;
        ask_as(all[i].device, all[i].key, 0);
        on_product(&a.product_wait, &product, 0);
        if (all[i].verdict == TH_AUTH_ALLOW) {
            TH_CHECK(posted == NULL);
            TH_EQ_STR(query_params[0], "5");
            TH_EQ_STR(query_params[1], all[i].device);
            TH_EQ_STR(query_params[2], "1000");
        } else {
            TH_CHECK(posted == &a.mail);
            TH_EQ_INT(a.verdict, all[i].verdict);
        }
        end();
    }
    product.absent = false;
}

static void provisioned(int rows, int code, enum th_auth_verdict verdict)
{
    PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc id = {.name = "id", .typid = 20, .typlen = 8};
    begin(false);
    th_devices_init(&store.devices);
    PQsetResultAttrs(res, 1, &id);
    if (rows > 0)
        PQsetvalue(res, 0, 0, "1", 1);
    ask_as("dev77", "burnt-in", 0);
    on_provisioned(&a, &(struct th_pg_outcome){.code = code, .res = code == 0 ? res : NULL});
    TH_EQ_INT(a.verdict, verdict);
    PQclear(res);
    th_devices_free(&store);
    end();
}

static void test_provisioned(void)
{
    provisioned(1, 0, TH_AUTH_ALLOW);
    provisioned(0, 0, TH_AUTH_LIMIT);
    provisioned(0, -TH_ETIMEOUT, TH_AUTH_BACKEND);
}

/* ---- the answer ---- */

static void test_denied(void)
{
    for (int verdict = TH_AUTH_ALLOW + 1; verdict <= TH_AUTH_BACKEND; verdict++) {
        struct th_buf out = {0};
        begin(false);
        a.verdict = (enum th_auth_verdict)verdict;
        th_auth_answer(&a, 86400000, &out);
        TH_EQ_STR(th_buf_cstr(&out), "{\"result\":\"deny\",\"superuser\":false}");
        th_buf_free(&out);
        end();
    }
}

struct rules {
    struct th_buf text;
    struct th_json json;
    uint32_t list;
};

static void allow(struct rules *r, const char *product_key, const char *device_key)
{
    begin(false);
    a.product = th_str(product_key);
    a.device = th_str(device_key);
    a.verdict = TH_AUTH_ALLOW;
    r->text = (struct th_buf){0};
    keep_own_rules(&a, &product);
    th_auth_answer(&a, 86400000, &r->text);
    TH_EQ_INT(th_json_read(&r->json, &a.arena, th_buf_view(&r->text), NULL), 0);
    r->list = th_json_index(&r->json, th_json_get(&r->json, 0, TH_STR("acl")));
}

static struct th_str rule_member(const struct rules *r, uint32_t i, const char *name)
{
    const struct th_json_node *n = th_json_get(&r->json, i, th_str(name));
    return n != NULL ? n->text : (struct th_str){NULL, 0};
}

/* As the broker reads the list: the first rule that fits decides. */
static bool rules_allow(const struct rules *r, const char *action, struct th_str topic)
{
    TH_JSON_EACH (&r->json, r->list, i) {
        struct th_str what = rule_member(r, i, "action");
        if (!th_str_eq(what, TH_STR("all")) && !th_str_eq(what, th_str(action)))
            continue;
        if (th_topic_match(rule_member(r, i, "topic"), topic))
            return th_str_eq(rule_member(r, i, "permission"), TH_STR("allow"));
    }
    return false;
}

static void test_allowed(void)
{
    struct rules r;
    int64_t expires, now = th_clock_ms() / 1000;
    allow(&r, "demo", "dev1");
    TH_EQ_SLICE(th_json_get(&r.json, 0, TH_STR("result"))->text, "allow");
    TH_CHECK(th_json_get(&r.json, 0, TH_STR("superuser"))->type == TH_JSON_BOOL);
    TH_CHECK(!th_json_get(&r.json, 0, TH_STR("superuser"))->truth);
    TH_CHECK(th_json_int(th_json_get(&r.json, 0, TH_STR("expire_at")), &expires));
    TH_CHECK(expires >= now + 86400 * 9 / 10 && expires <= now + 86400 * 11 / 10 + 5);
    uint32_t last = 0;
    TH_JSON_EACH (&r.json, r.list, i) {
        last = i;
    }
    TH_EQ_SLICE(rule_member(&r, last, "action"), "all");
    TH_EQ_SLICE(rule_member(&r, last, "permission"), "deny");
    TH_EQ_SLICE(rule_member(&r, last, "topic"), "#");
    th_buf_free(&r.text);
    end();
}

/* Sessions of a fleet that connected together end spread over a fifth of their length. */
static void test_jitter(void)
{
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < 200; i++) {
        char key[16];
        struct rules r;
        int64_t expires;
        snprintf(key, sizeof key, "dev%d", i);
        allow(&r, "demo", key);
        th_json_int(th_json_get(&r.json, 0, TH_STR("expire_at")), &expires);
        least = expires < least ? expires : least;
        most = expires > most ? expires : most;
        th_buf_free(&r.text);
        end();
    }
    TH_CHECK(most - least > 86400 / 10);
}

/* ---- one ACL ---- */

void play_product(struct th_store *s, struct th_str key, struct th_product_wait *wait)
{
    TH_EQ_SLICE(key, "demo");
    wait->ready(wait, &product, 0);
}

static int acl_done;

static void on_acl(struct th_acl *acl)
{
    acl_done++;
}

static bool acl_asks(struct th_str body, bool mtls)
{
    struct th_acl acl = {.home = &worker, .done = on_acl};
    struct th_door door = {0, mtls};
    th_arena_init(&acl.arena);
    acl_done = 0;
    th_acl_ask(&acl, body, &door);
    TH_EQ_INT(acl_done, 1);
    th_arena_free(&acl.arena);
    return acl.allow;
}

static bool hook_allows(const char *access, struct th_str topic)
{
    struct th_buf body = {0};
    th_buf_printf(
        &body, "{\"access\":\"%s\",\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":", access);
    th_json_put_str(&body, topic);
    th_buf_putc(&body, '}');
    bool allowed = acl_asks(th_buf_view(&body), false);
    th_buf_free(&body);
    return allowed;
}

static void compare(const struct rules *r, const char *owner, const char *rest, unsigned *allowed)
{
    char text[200];
    struct th_str topic = {text, (size_t)snprintf(text, sizeof text, "%s%s", owner, rest)};
    bool own = strcmp(owner, "demo/dev1/") == 0 || strcmp(owner, "/demo/dev1/") == 0;
    bool any = own || strcmp(owner, "+/dev1/") == 0;
    bool publish = own && th_topic_may_publish(th_str(rest));
    bool subscribe = any && th_topic_may_subscribe(th_str(rest));
    TH_ROW("%s", text);
    TH_EQ_INT(hook_allows("2", topic), publish);
    TH_EQ_INT(hook_allows("1", topic), subscribe);
    TH_EQ_INT(rules_allow(r, "publish", topic), publish);
    TH_EQ_INT(rules_allow(r, "subscribe", topic), subscribe);
    *allowed += publish + subscribe;
}

/* Answer, ACL hook and the two functions agree on every topic made of these parts, its own and others'. */
static void test_one_acl(void)
{
    static const char *const owners[] = {"demo/dev1/", "/demo/dev1/", "+/dev1/", "demo/dev2/", "demo2/dev1x/",
        "+/+/", "demo/+/", "#", "demo/", "//demo/dev1/", "$share/g/demo/dev1/", "demo/dev1"};
    static const char *const first[] = {"thing/event", "thing/service", "thing/file",
        "thing/factory-metadata", "thing", "ota", "other", "Thing/event"};
    static const char *const second[] = {"property", "door_1", "upload", "upload_reply", "get", "get_reply",
        "version", "version_reply", "upgrade", "x"};
    static const char *const third[] = {
        "", "/post", "/post_reply", "/set", "/set_reply", "/call", "/call_reply", "/get", "/x", "/post/x"};
    struct rules r;
    unsigned allowed = 0;
    allow(&r, "demo", "dev1");
    for (size_t o = 0; o < TH_COUNT(owners); o++)
        for (size_t i = 0; i < TH_COUNT(first); i++)
            for (size_t k = 0; k < TH_COUNT(second); k++)
                for (size_t n = 0; n < TH_COUNT(third); n++) {
                    char rest[100];
                    snprintf(rest, sizeof rest, "%s/%s%s", first[i], second[k], third[n]);
                    compare(&r, owners[o], rest, &allowed);
                }
    TH_CHECK(allowed > 500);
    th_buf_free(&r.text);
    end();
}

static void test_filters(void)
{
    static const struct {
        const char *filter;
        bool allowed;
    } all[] = {{"demo/dev1/thing/event/#", true}, {"demo/dev1/thing/event/+/post_reply", true},
        {"demo/dev1/thing/service/#", true}, {"+/dev1/thing/service/+/call", true},
        {"+/dev1/ota/upgrade", true}, {"demo/dev1/#", false}, {"demo/dev1/+", false},
        {"demo/dev1/thing/#", false}, {"demo/dev1/+/event/#", false}, {"demo/dev1/ota/#", false},
        {"demo/dev1/ota/+", false}, {"#", false}, {"+/#", false}, {"+/+/thing/event/#", false},
        {"demo/+/thing/event/#", false}, {"+/dev2/thing/event/#", false}, {"$SYS/#", false}};
    struct rules r;
    allow(&r, "demo", "dev1");
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].filter);
        TH_EQ_INT(hook_allows("1", th_str(all[i].filter)), all[i].allowed);
        TH_EQ_INT(rules_allow(&r, "subscribe", th_str(all[i].filter)), all[i].allowed);
        TH_CHECK(!hook_allows("2", th_str(all[i].filter)));
    }
    th_buf_free(&r.text);
    end();
}

/* What a script declares: in the answer and at the ACL hook, below the device's own levels and nowhere else.
 */
static void test_own_topics(void)
{
    static const struct {
        const char *topic;
        bool publish, subscribe;
    } all[] = {
        {"demo/dev1/up", true, false},
        {"/demo/dev1/up", true, false},
        {"demo/dev1/raw/7", true, false},
        {"demo/dev1/down/x", false, true},
        {"demo/dev1/down/+", false, true},
        {"demo/dev1/down/#", false, true},
        {"+/dev1/down/#", false, true},
        {"demo/dev1/both", true, true},
        {"demo/dev1/up/x", false, false},
        {"demo/dev1/raw", false, false},
        {"demo/dev1/raw/7/8", false, false},
        {"demo/dev1/downs", false, false},
        {"demo/dev1/other", false, false},
        {"demo/dev1/#", false, false},
        {"demo/dev1/+", false, false},
        {"demo/dev2/up", false, false},
        {"demo/dev2/down/x", false, false},
        {"+/dev2/down/#", false, false},
        {"other/dev1/up", false, false},
        {"+/+/down/#", false, false},
    };
    struct rules r;
    struct th_error err;
    TH_EQ_INT(
        th_manifest_read(&product.script.manifest,
            TH_STR(
                "{\"topics\":{\"publish\":[\"up\",\"raw/+\",\"both\"],\"subscribe\":[\"down/#\",\"both\"]},"
                "\"functions\":[\"on_message\"]}"),
            &err),
        0);
    allow(&r, "demo", "dev1");
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_str topic = th_str(all[i].topic);
        TH_ROW("%s", all[i].topic);
        TH_EQ_INT(hook_allows("2", topic), all[i].publish);
        TH_EQ_INT(hook_allows("1", topic), all[i].subscribe);
        TH_EQ_INT(rules_allow(&r, "publish", topic), all[i].publish);
        TH_EQ_INT(rules_allow(&r, "subscribe", topic), all[i].subscribe);
    }
    TH_CHECK(!hook_allows("3", TH_STR("demo/dev1/up")));
    th_manifest_free(&product.script.manifest);
    product.absent = true;
    TH_CHECK(!hook_allows("2", TH_STR("demo/dev1/up")));
    product.absent = false;
    th_buf_free(&r.text);
    end();
}

static void test_acl_hook(void)
{
    static const struct {
        const char *body;
        bool mtls, allowed;
    } all[] = {
        {"{\"access\":\"2\",\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/"
         "version\"}",
            false, true},
        {"{\"access\":\"2\",\"username\":\"demo/dev1\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/"
         "version\"}",
            true, true},
        {"{\"access\":\"2\",\"username\":\"demo/dev1\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/"
         "version\"}",
            false, false},
        {"{\"access\":\"2\",\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/"
         "version\"}",
            true, false},
        {"{\"access\":2,\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/version\"}",
            false, false},
        {"{\"access\":\"3\",\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/"
         "version\"}",
            false, false},
        {"{\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":\"demo/dev1/ota/version\"}", false, false},
        {"{\"access\":\"2\",\"username\":\"demo\",\"client_id\":\"dev1\",\"topic\":\"\"}", false, false},
        {"{\"access\":\"2\",\"username\":\"demo\",\"client_id\":\"dev1\"}", false, false},
        {"{\"access\":\"2\",\"username\":\"demo\",\"client_id\":\"rmqtt_things\",\"topic\":\"demo/"
         "rmqtt_things/ota/version\"}",
            false, false},
        {"{}", false, false},
        {"[]", false, false},
        {"", false, false},
        {"x", false, false},
    };
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        TH_ROW("%s", all[i].body);
        TH_EQ_INT(acl_asks(th_str(all[i].body), all[i].mtls), all[i].allowed);
    }
}

static void test_recorded(void)
{
    struct th_arena arena;
    th_arena_init(&arena);
    TH_CHECK(acl_asks(fixture_read(&arena, "acl-publish.json"), false));
    TH_CHECK(acl_asks(fixture_read(&arena, "acl-subscribe.json"), false));
    TH_CHECK(!acl_asks(fixture_read(&arena, "auth.json"), false));
    begin(false);
    th_auth_ask(&a, fixture_read(&arena, "auth.json"));
    TH_CHECK(
        a.mail.run == on_owner && th_str_eq(a.device, TH_STR("dev2")) && th_str_eq(a.password, TH_STR("pw")));
    end();
    begin(true);
    th_auth_ask(&a, fixture_read(&arena, "auth-mtls-cn.json"));
    TH_CHECK(a.mail.run == on_owner && th_str_eq(a.device, TH_STR("dev1")));
    end();
    th_arena_free(&arena);
}

int main(void)
{
    struct th_error err;
    th_log_init(TH_LOG_ERROR, false);
    if (!TH_CHECK(th_conf_load(&conf, NULL, &err) == 0))
        return TH_END();
    TH_RUN(test_question);
    TH_RUN(test_known_device);
    TH_RUN(test_unknown_device);
    TH_RUN(test_provisioned);
    TH_RUN(test_denied);
    TH_RUN(test_allowed);
    TH_RUN(test_jitter);
    TH_RUN(test_one_acl);
    TH_RUN(test_filters);
    TH_RUN(test_own_topics);
    TH_RUN(test_acl_hook);
    TH_RUN(test_recorded);
    th_conf_free(conf);
    return TH_END();
}
