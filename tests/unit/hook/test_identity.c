/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"
#include "hook/identity.h"

#define LONG_KEY                                                                                             \
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"                                       \
    "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

static const struct {
    const char *username, *client_id;
    bool mtls;
    const char *product, *serial; /* NULL: nobody */
} all[] = {
    /* plain: the username is the product, whatever a client may claim */
    {"demo", "dev1", false, "demo", ""},
    {"demo", "dev-1_A", false, "demo", ""},
    {LONG_KEY, LONG_KEY, false, LONG_KEY, ""},
    {LONG_KEY "k", "dev1", false, NULL, NULL},
    {"demo", LONG_KEY "k", false, NULL, NULL},
    {"", "dev1", false, NULL, NULL},
    {"demo", "", false, NULL, NULL},
    {"demo/dev1", "dev1", false, NULL, NULL},
    {"CN=demo/dev1", "dev1", false, NULL, NULL},
    {"O=thingd, CN=demo/dev1", "dev1", false, NULL, NULL},
    {"demo ", "dev1", false, NULL, NULL},
    {"demo", "dev 1", false, NULL, NULL},
    {"demo", "dev/1", false, NULL, NULL},
    {"demo", "+", false, NULL, NULL},
    {"+", "dev1", false, NULL, NULL},
    {"demo", "d\xc3\xa9v", false, NULL, NULL},
    {"demo", "rmqtt_things", false, NULL, NULL},
    {"demo", "thingd", false, NULL, NULL},
    {"demo", "thingd-sim", false, NULL, NULL},
    {"thingd", "dev1", false, "thingd", ""}, /* reserved are names of clients */
    {"demo", "Thingd", false, "demo", ""},
    /* mTLS: CN alone */
    {"demo/dev1", "dev1", true, "demo", ""},
    {"demo/dev1", "dev2", true, NULL, NULL},
    {"demo/dev1", "", true, NULL, NULL},
    {"demo", "dev1", true, NULL, NULL},
    {"", "dev1", true, NULL, NULL},
    {"/dev1", "dev1", true, NULL, NULL},
    {"demo/", "", true, NULL, NULL},
    {"demo/dev1/x", "dev1", true, NULL, NULL},
    {"demo/dev1/x", "dev1/x", true, NULL, NULL},
    {"demo/rmqtt_things", "rmqtt_things", true, NULL, NULL},
    {"demo/thingd1", "thingd1", true, NULL, NULL},
    /* mTLS: the whole subject */
    {"O=thingd, serialNumber=0A1B2C, CN=demo/dev1", "dev1", true, "demo", "0A1B2C"},
    {"CN=demo/dev1,serialNumber=01,O=thingd", "dev1", true, "demo", "01"},
    {"CN=demo/dev1", "dev1", true, "demo", ""},
    {"O=thingd, CN=demo/dev1", "dev1", true, "demo", ""},
    {"O=a = b, CN=demo/dev1", "dev1", true, "demo", ""},
    {"CN=demo/dev1", "dev2", true, NULL, NULL},
    {"O=thingd", "dev1", true, NULL, NULL},
    {"O=demo/dev1", "dev1", true, NULL, NULL},
    {"CN=", "dev1", true, NULL, NULL},
    {"CN=demo", "dev1", true, NULL, NULL},
    {"cn=demo/dev1", "dev1", true, NULL, NULL},
    {"XCN=demo/dev1", "dev1", true, NULL, NULL},
    {"OCN=x, CN=demo/dev1", "dev1", true, "demo", ""},
    {"CN=demo/dev1, CN=demo/dev2", "dev1", true, NULL, NULL},
    {"CN=demo/dev1, CN=demo/dev2", "dev2", true, NULL, NULL},
    {"CN=demo/dev1, CN=demo/dev1", "dev1", true, NULL, NULL},
    {"O=x, CN=demo/dev2, CN=demo/dev1", "dev2", true, NULL, NULL}, /* a comma inside the organisation */
    {"serialNumber=1, serialNumber=2, CN=demo/dev1", "dev1", true, NULL, NULL},
    {"serialNumber=, CN=demo/dev1", "dev1", true, "demo", ""},
    {"CN=demo/dev1 + serialNumber=1", "dev1", true, NULL, NULL},
    {"O=x + CN=demo/dev1", "dev1", true, NULL, NULL},
    {"CN= demo/dev1", "dev1", true, NULL, NULL},
    {"CN=demo/dev1 ", "dev1", true, NULL, NULL},
    {"CN=\"demo/dev1\"", "dev1", true, NULL, NULL},
    {"CN=demo\\/dev1", "dev1", true, NULL, NULL},
    {"=demo/dev1", "dev1", true, NULL, NULL},
};

static void test_who(void)
{
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        struct th_identity who;
        TH_ROW("'%.60s' as '%.40s' %s", all[i].username, all[i].client_id, all[i].mtls ? "mtls" : "plain");
        bool known = th_identity_read(th_str(all[i].username), th_str(all[i].client_id), all[i].mtls, &who);
        TH_EQ_INT(known, all[i].product != NULL);
        if (!known || all[i].product == NULL)
            continue;
        TH_EQ_SLICE(who.product, all[i].product);
        TH_EQ_SLICE(who.device, all[i].client_id);
        TH_EQ_SLICE(who.serial, all[i].serial);
    }
}

static void test_bytes(void)
{
    struct th_identity who;
    TH_CHECK(!th_identity_read(TH_STR("demo\0"), TH_STR("dev1"), false, &who));
    TH_CHECK(!th_identity_read(TH_STR("demo"), TH_STR("dev1\0"), false, &who));
    TH_CHECK(!th_identity_read(TH_STR("CN=demo/dev1\0"), TH_STR("dev1"), true, &who));
    TH_CHECK(!th_identity_read(TH_STR("CN=demo/dev1\0"), TH_STR("dev1\0"), true, &who));
}

static void test_reserved(void)
{
    TH_CHECK(th_identity_reserved(TH_STR("rmqtt_things")) && th_identity_reserved(TH_STR("thingd_x")));
    TH_CHECK(!th_identity_reserved(TH_STR("rmqtt_things2")) && !th_identity_reserved(TH_STR("thing")));
    TH_CHECK(!th_identity_reserved(TH_STR("")) && !th_identity_reserved(TH_STR("xthingd")));
}

int main(void)
{
    TH_RUN(test_who);
    TH_RUN(test_bytes);
    TH_RUN(test_reserved);
    return TH_END();
}
