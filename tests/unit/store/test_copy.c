/* SPDX-License-Identifier: Apache-2.0
 *
 * Binary rows and array literals: byte by byte, and as a real PostgreSQL understands them. */
#include "../test.h"
#include "../io/pg_fixture.h"
#include "store/copy.h"

#define S(literal)                                                                                           \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static const unsigned char uuid[16] = {
    0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

static void put_all(struct th_copy *c)
{
    th_copy_begin(c);
    th_copy_row(c, 9);
    th_copy_int2(c, -2);
    th_copy_int4(c, INT32_MIN);
    th_copy_int8(c, INT64_MAX);
    th_copy_time(c, 1795555683725);
    th_copy_uuid(c, uuid);
    th_copy_text(c, TH_STR("t\xc3\xa9xt'\\\"\t\n"));
    th_copy_json(c, TH_STR("{\"a\": [1, \"\\u00e9\"]}"));
    th_copy_null(c);
    th_copy_bool(c, true);
}

static void test_layout(void)
{
    static const char want[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0" /* signature, flags, extension */
                               "\0\3"                               /* fields */
                               "\0\0\0\4\xff\xff\xff\xfe"           /* -2 */
                               "\xff\xff\xff\xff"                   /* null */
                               "\0\0\0\3\1[]"                       /* jsonb, version 1 */
                               "\xff\xff";                          /* end */
    struct th_copy c = {0};
    for (int round = 0; round < 2; round++) { /* begin empties it */
        th_copy_begin(&c);
        th_copy_row(&c, 3);
        th_copy_int4(&c, -2);
        th_copy_null(&c);
        th_copy_json(&c, TH_STR("[]"));
        th_copy_end(&c);
        TH_EQ_INT(c.rows, 1);
        TH_EQ_INT(c.buf.n, sizeof want - 1);
        TH_EQ_BYTES(c.buf.p, want, sizeof want - 1);
    }
    th_copy_free(&c);
}

static void check_row(PGconn *pg)
{
    static const char *const want[] = {"-2", "-2147483648", "9223372036854775807",
        "2026-11-24 21:28:03.725+00", "00112233-4455-6677-8899-aabbccddeeff", "t\xc3\xa9xt'\\\"\t\n",
        "{\"a\": [1, \"\xc3\xa9\"]}", "", "t"};
    PGresult *r = PQexec(pg, "select * from t order by a limit 1");
    TH_EQ_INT(PQntuples(r), 1);
    for (int i = 0; i < PQnfields(r) && PQntuples(r) == 1; i++) {
        TH_ROW("column %d", i);
        TH_EQ_STR(PQgetvalue(r, 0, i), want[i]);
    }
    TH_CHECK(PQgetisnull(r, 0, 7) && !PQgetisnull(r, 0, 5));
    PQclear(r);
}

static void test_copy_into_postgres(void)
{
    struct th_copy c = {0};
    PGconn *pg = PQconnectdb(pg_url);
    PQclear(PQexec(pg, "set timezone = 'UTC'"));
    PQclear(PQexec(pg,
        "create temp table t (a int2, b int4, c int8, d timestamptz, e uuid, f text, g jsonb, h text,"
        " i boolean)"));
    put_all(&c);
    th_copy_row(&c, 9);
    th_copy_int2(&c, 7);
    for (int i = 1; i < 9; i++)
        th_copy_null(&c);
    th_copy_end(&c);
    PQclear(PQexec(pg, "copy t from stdin (format binary)"));
    TH_EQ_INT(PQputCopyData(pg, c.buf.p, (int)c.buf.n), 1);
    TH_EQ_INT(PQputCopyEnd(pg, NULL), 1);
    PGresult *r = PQgetResult(pg);
    TH_EQ_STR(PQresultErrorMessage(r), "");
    TH_EQ_STR(PQcmdTuples(r), "2");
    PQclear(r);
    while ((r = PQgetResult(pg)) != NULL)
        PQclear(r);
    check_row(pg);
    PQfinish(pg);
    th_copy_free(&c);
}

static void test_times(void)
{
    static const int64_t all[] = {0, -1, 1, 946684799999, 946684800000, -62135596800000, 253402300799999};
    struct th_copy c = {0};
    for (size_t i = 0; i < TH_COUNT(all); i++) {
        uint64_t us = 0;
        th_copy_begin(&c);
        th_copy_time(&c, all[i]);
        for (size_t k = 0; k < 8; k++)
            us = us << 8 | (unsigned char)c.buf.p[c.buf.n - 8 + k];
        TH_EQ_INT((int64_t)us, (all[i] - 946684800000) * 1000);
    }
    th_copy_free(&c);
}

/* Texts that an array literal inside a string literal could be broken with. */
static const struct th_str nasty[] = {S(""), S("plain"), S("NULL"), S("null"), S("'"), S("''"), S("\""),
    S("\\"), S("\\\\"), S("\\'"), S("'\\"), S("a,b"), S("{}"), S("}'; drop table t; --"), S("\",\""),
    S(" lead and trail "), S("\n\t\r"), S("$1"), S("\\x41"), S("E'\\n'"), S("\xc3\xa9\xf0\x9f\x98\x80"),
    S("%s%n"), S("{\"v\":\"it's \\\"q\\\" \\\\\"}")};

static void test_text_arrays(void)
{
    struct th_buf sql = {0};
    PGconn *pg = PQconnectdb(pg_url);
    th_buf_puts(&sql, "select x from unnest(");
    th_array_open(&sql);
    for (size_t i = 0; i < TH_COUNT(nasty); i++)
        th_array_text(&sql, nasty[i]);
    th_array_null(&sql);
    th_array_close(&sql);
    th_buf_puts(&sql, "::text[]) with ordinality n(x, ord) order by ord");
    PGresult *r = PQexec(pg, th_buf_cstr(&sql));
    TH_EQ_STR(PQresultErrorMessage(r), "");
    TH_EQ_INT(PQntuples(r), TH_COUNT(nasty) + 1);
    for (int i = 0; i < PQntuples(r) && (size_t)i < TH_COUNT(nasty); i++) {
        TH_ROW("%.*s", TH_STR_FMT(nasty[i]));
        TH_CHECK(!PQgetisnull(r, i, 0));
        TH_CHECK(th_str_eq(th_str(PQgetvalue(r, i, 0)), nasty[i]));
    }
    TH_CHECK(PQgetisnull(r, (int)TH_COUNT(nasty), 0));
    PQclear(r);
    PQfinish(pg);
    th_buf_free(&sql);
}

static void test_arrays(void)
{
    struct th_buf b = {0};
    th_array_open(&b);
    th_array_close(&b);
    TH_EQ_STR(b.p, "'{}'");
    th_buf_reset(&b);
    th_array_open(&b);
    th_array_int(&b, INT64_MIN);
    th_array_int(&b, 0);
    th_array_null(&b);
    th_array_bool(&b, true);
    th_array_bool(&b, false);
    th_array_text(&b, (struct th_str){NULL, 0});
    th_array_text(&b, TH_STR("{")); /* a brace at the end is no opening one */
    th_array_int(&b, 1);
    th_array_close(&b);
    TH_EQ_STR(b.p, "'{-9223372036854775808,0,NULL,t,f,\"\",\"{\",1}'");
    th_buf_free(&b);
}

int main(void)
{
    TH_RUN(test_layout);
    TH_RUN(test_times);
    TH_RUN(test_arrays);
    pg_make();
    TH_RUN(test_copy_into_postgres);
    TH_RUN(test_text_arrays);
    return TH_END();
}
