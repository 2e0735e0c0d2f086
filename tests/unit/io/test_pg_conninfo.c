/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pg_conninfo.c"

#include "../test.h"

static struct th_pg_conninfo ci;
static struct th_error err;

static int read_info(const char *text)
{
    return th_pg_conninfo_read(&ci, text, "thingd pool 0", &err);
}

static void test_defaults_and_what_was_said(void)
{
    TH_EQ_INT(read_info("postgresql://u:p%40ss@/db?host=/run/x&keepalives_idle=7"), 0);
    TH_EQ_STR(get(&ci, "user"), "u");
    TH_EQ_STR(get(&ci, "password"), "p@ss");
    TH_EQ_STR(get(&ci, "keepalives_idle"), "7");
    TH_EQ_STR(get(&ci, "keepalives_count"), "3");
    TH_EQ_STR(get(&ci, "application_name"), "thingd pool 0");
    TH_CHECK(ci.keys[ci.n] == NULL);
    th_pg_conninfo_free(&ci);
    TH_EQ_INT(read_info("dbname=x application_name=mine"), 0);
    TH_EQ_STR(get(&ci, "application_name"), "mine");
    th_pg_conninfo_free(&ci);
}

static void test_errors_keep_the_password(void)
{
    TH_EQ_INT(read_info("postgresql://u:secret@[::1/db"), -TH_EINVAL);
    TH_CHECK(strstr(err.msg, "secret") == NULL);
    TH_EQ_INT(read_info("host=a nonsense=secret"), -TH_EINVAL);
    TH_CHECK(strstr(err.msg, "nonsense") != NULL && strstr(err.msg, "secret") == NULL);
}

static const char *name_in(const char *text)
{
    static char name[64];
    TH_EQ_INT(read_info(text), 0);
    const char *found = th_pg_conninfo_name(&ci);
    snprintf(name, sizeof(name), "%s", found != NULL ? found : "-");
    th_pg_conninfo_free(&ci);
    return name;
}

static void test_names_to_look_up(void)
{
    unsetenv("PGHOST");
    unsetenv("PGHOSTADDR");
    TH_EQ_STR(name_in("host=db.example"), "db.example");
    TH_EQ_STR(name_in("host=127.0.0.1"), "-");
    TH_EQ_STR(name_in("host=::1"), "-");
    TH_EQ_STR(name_in("host=/run/postgresql"), "-");
    TH_EQ_STR(name_in("host=a,b"), "-");
    TH_EQ_STR(name_in("host=a hostaddr=1.2.3.4"), "-");
    TH_EQ_STR(name_in("dbname=x"), "-");
    setenv("PGHOST", "other.example", 1);
    TH_EQ_STR(name_in("dbname=x"), "other.example");
    unsetenv("PGHOST");
}

static void test_addresses_go_beside_the_name(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    struct sockaddr_in6 b = {.sin6_family = AF_INET6};
    uv_ip4_addr("10.1.2.3", 0, &a);
    uv_ip6_addr("2001:db8::5", 0, &b);
    struct addrinfo second = {.ai_addr = (struct sockaddr *)&b};
    struct addrinfo first = {.ai_addr = (struct sockaddr *)&a, .ai_next = &second};
    struct th_arena arena;
    struct th_pg_conninfo out;
    th_arena_init(&arena);
    TH_EQ_INT(read_info("host=db.example port=5433"), 0);
    th_pg_conninfo_resolved(&ci, &first, &arena, &out);
    TH_EQ_STR(get(&out, "host"), "db.example,db.example");
    TH_EQ_STR(get(&out, "hostaddr"), "10.1.2.3,2001:db8::5");
    TH_EQ_STR(get(&ci, "host"), "db.example");
    th_arena_free(&arena);
    th_pg_conninfo_free(&ci);
}

int main(void)
{
    TH_RUN(test_defaults_and_what_was_said);
    TH_RUN(test_errors_keep_the_password);
    TH_RUN(test_names_to_look_up);
    TH_RUN(test_addresses_go_beside_the_name);
    return TH_END();
}
