/* SPDX-License-Identifier: Apache-2.0
 *
 * thing.cbor against the examples of RFC 8949, appendix A, and what is wrong in appendix F. */
#include "expression.h"

/* Bytes, what they are as JSON (after "!" why they are nothing), and how that is written; NULL: as it was. */
static const char *const items[][3] = {
    {"00", "0", NULL},
    {"17", "23", NULL},
    {"1818", "24", NULL},
    {"18ff", "255", NULL},
    {"1903e8", "1000", NULL},
    {"1a000f4240", "1000000", NULL},
    {"1b000000e8d4a51000", "1000000000000", NULL},
    {"1b7fffffffffffffff", "9223372036854775807", NULL},
    {"1bffffffffffffffff", "1.8446744073709552e+19", "fa5f800000"},
    {"20", "-1", NULL},
    {"3863", "-100", NULL},
    {"3903e7", "-1000", NULL},
    {"3b7fffffffffffffff", "-9223372036854775808", NULL},
    {"3bffffffffffffffff", "-1.8446744073709552e+19", "fadf800000"},
    {"1800", "0", "00"},
    {"f90000", "0.0", "fa00000000"},
    {"f98000", "-0.0", "fa80000000"},
    {"f93e00", "1.5", "fa3fc00000"},
    {"f97bff", "65504.0", "fa477fe000"},
    {"f90001", "5.9604644775390625e-08", "fa33800000"},
    {"fa47c35000", "100000.0", NULL},
    {"fa7f7fffff", "3.4028234663852886e+38", NULL},
    {"fb3ff199999999999a", "1.1", NULL},
    {"fb7e37e43c8800759c", "1e+300", NULL},
    {"fbc010666666666666", "-4.1", NULL},
    {"f4", "false", NULL},
    {"f5", "true", NULL},
    {"f6", "null", NULL},
    {"f7", "null", "f6"},
    {"40", "\"\"", "60"},
    {"60", "\"\"", NULL},
    {"6161", "\"a\"", NULL},
    {"6449455446", "\"IETF\"", NULL},
    {"63e6b0b4", "\"水\"", NULL},
    {"64f0908591", "\"𐅑\"", NULL},
    {"80", "[]", NULL},
    {"83010203", "[1,2,3]", NULL},
    {"8301820203820405", "[1,[2,3],[4,5]]", NULL},
    {"98190102030405060708090a0b0c0d0e0f101112131415161718181819",
        "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]", NULL},
    {"a0", "{}", NULL},
    {"a16161820203", "{\"a\":[2,3]}", NULL},
    {"826161a161626163", "[\"a\",{\"b\":\"c\"}]", NULL},
    {"7f657374726561646d696e67ff", "\"streaming\"", "6973747265616d696e67"},
    {"7fff", "\"\"", "60"},
    {"9fff", "[]", "80"},
    {"9f018202039f0405ffff", "[1,[2,3],[4,5]]", "8301820203820405"},
    {"83018202039f0405ff", "[1,[2,3],[4,5]]", "8301820203820405"},
    {"bf6346756ef5ff", "{\"Fun\":true}", "a16346756ef5"},
    {"bfff", "{}", "a0"},
    /* tags are passed over */
    {"c11a514b67b0", "1363896240", "1a514b67b0"},
    {"d818456449455446", "\"dIETF\"", "656449455446"},
    {"d8d9c2c16161", "\"a\"", "6161"},
    /* what is wrong */
    {"", "!byte 1: cut off", NULL},
    {"18", "!byte 1: cut off", NULL},
    {"1b00000000000000", "!byte 1: cut off", NULL},
    {"62e6", "!byte 1: cut off", NULL},
    {"8201", "!byte 3: cut off", NULL},
    {"a101", "!byte 3: cut off", NULL},
    {"9f01", "!byte 3: cut off", NULL},
    {"bf6161", "!byte 4: cut off", NULL},
    {"7f6161", "!byte 4: cut off", NULL},
    {"c1", "!byte 2: cut off", NULL},
    {"5bffffffffffffffff", "!byte 1: cut off", NULL},
    {"9bffffffffffffffff00", "!byte 11: cut off", NULL},
    {"bbffffffffffffffff", "!byte 10: cut off", NULL},
    {"0000", "!byte 2: more than one item", NULL},
    {"1c", "!byte 1: not CBOR", NULL},
    {"1f", "!byte 1: not CBOR", NULL},
    {"df", "!byte 1: not CBOR", NULL},
    {"f818", "!byte 1: not CBOR", NULL},
    {"e0", "!byte 1: not CBOR", NULL},
    {"ff", "!byte 2: an end without a beginning", NULL},
    {"81ff", "!byte 3: an end without a beginning", NULL},
    {"a1ff", "!byte 3: an end without a beginning", NULL},
    {"bf6161ff", "!byte 5: an end without a beginning", NULL},
    {"c1ff", "!byte 3: an end without a beginning", NULL},
    {"61ff", "!byte 1: text that is not UTF-8", NULL},
    {"7f4161ff", "!byte 4: a string in pieces of another kind", NULL},
    {"5f5f4161ffff", "!byte 3: a string in pieces of another kind", NULL},
    {"7f01ff", "!byte 3: a string in pieces of another kind", NULL},
    {"a1f501", "!byte 3: a name that is neither text, bytes nor an integer", NULL},
    {"a18001", "!byte 3: a name that is neither text, bytes nor an integer", NULL},
    {"a1fa3fc0000001", "!byte 7: a name that is neither text, bytes nor an integer", NULL},
    {"a2616101616102", "!byte 7: a name that was there already", NULL},
    {"a20100190001f6", "!byte 7: a name that was there already", NULL},
};

static const char *const rows[][2] = {
    {"hex.encode(cbor.decode(hex.decode('4401020304')))", "01020304"},
    {"hex.encode(cbor.decode(hex.decode('5f42010243030405ff')))", "0102030405"},
    {"hex.encode(cbor.encode('\\255\\1'))", "42ff01"},
    {"hex.encode(cbor.encode(cbor.bytes('ab')))", "426162"},
    {"hex.encode(cbor.encode({ cbor.bytes('') }))", "8140"},
    {"getmetatable(cbor.bytes('ab'))", "false"},
    {"cbor.decode(hex.decode('f97c00'))", "inf"},
    {"cbor.decode(hex.decode('f9fc00'))", "-inf"},
    {"(function() local n = cbor.decode(hex.decode('f97e00')) return n ~= n end)()", "true"},
    {"hex.encode(cbor.encode(1/0))", "fa7f800000"},
    {"hex.encode(cbor.encode(-1/0))", "faff800000"},
    {"hex.encode(cbor.encode(1e39))", "fb48078287f49c4a1d"},
    {"cbor.decode(hex.decode('a201020304'))[3]", "4"},
    {"cbor.decode(hex.decode('a12001'))[-1]", "1"},
    {"cbor.decode(hex.decode('9f01ff'))[1]", "1"},
    {"json.is_array(cbor.decode(hex.decode('9fff')))", "true"},
    {"math.type(cbor.decode(hex.decode('f93c00')))", "float"},
    {"select('#', cbor.decode('\\255'))", "3"},
    {"select(3, cbor.decode('\\255'))", "syntax"},
    {"cbor.decode(hex.decode(('81'):rep(63) .. '80')) ~= nil", "true"},
    {"select(2, cbor.decode(hex.decode(('81'):rep(64) .. '80')))", "nested deeper than 64"},
    /* names: integers, bytes, text; short before long; then by bytes */
    {"hex.encode(cbor.encode({ b = 1, a = 2, [10] = 3, [-1] = 4, aa = 5, ['\\255'] = 6, [1000] = 7, [-2] = 8 }))",
        "a80a031903e80720042108"
        "41ff06616102616201626161"
        "05"},
    {"hex.encode(cbor.encode({ [0] = 1, [1] = 2 }))", "a200010102"},
    {"hex.encode(cbor.encode({ 1, 2, nil, 4 }))", "a3010102020404"},
    {"hex.encode(cbor.encode({}))", "a0"},
    {"hex.encode(cbor.encode(json.array()))", "80"},
    {"hex.encode(cbor.encode(json.null))", "f6"},
    {"hex.encode(cbor.encode(nil))", "f6"},
    {"cbor.encode(print)", "!cannot encode a function"},
    {"cbor.encode({ { print } })", "!cannot encode a function"},
    {"cbor.encode({ [1.5] = 1 })", "!cannot encode a key that is neither text nor an integer"},
    {"cbor.encode({ [true] = 1, a = 1 })", "!cannot encode a key that is neither text nor an integer"},
    {"#cbor.encode(deep(64))", "64"},
    {"cbor.encode(deep(65))", "!cannot encode tables nested deeper than 64, or in a circle"},
    {"(function() local t = {} t.t = t return cbor.encode(t) end)()",
        "!cannot encode tables nested deeper than 64, or in a circle"},
    {"#cbor.encode(('x'):rep(1048560))", "1048565"},
    {"cbor.encode(('x'):rep(1048576))", "!cannot encode CBOR over 1048576 bytes"},
    {"(function() local t = {} for i = 1, 10000 do t['k' .. i] = i end return #cbor.encode(t) > 60000 end)()",
        "true"},
    {"(function() local t = {} for i = 1, 10001 do t['k' .. i] = i end return cbor.encode(t) end)()",
        "!cannot encode more than 10000 names in a map"},
    {"cbor.bytes(1)", "!bad argument #1 to 'bytes' (string expected, got number)"},
    {"cbor.decode(1)", "!bad argument #1 to 'decode' (string expected, got number)"},
};

static void test_items(void)
{
    for (size_t i = 0; i < TH_COUNT(items); i++) {
        char expression[600], expected[300];
        TH_ROW("%s", items[i][0]);
        snprintf(expression, sizeof expression,
            "(function(h) local v, why = cbor.decode(hex.decode(h)) if why then return '!' .. why end "
            "return json.encode(v) .. ' ' .. hex.encode(cbor.encode(v)) end)('%s')",
            items[i][0]);
        if (items[i][1][0] == '!')
            snprintf(expected, sizeof expected, "%s", items[i][1]);
        else
            snprintf(expected, sizeof expected, "%s %s", items[i][1],
                items[i][2] != NULL ? items[i][2] : items[i][0]);
        TH_EQ_STR(evaluate(expression), expected);
    }
}

static void test_expressions(void)
{
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i][0]);
        TH_EQ_STR(evaluate(rows[i][0]), rows[i][1]);
    }
}

int main(void)
{
    struct th_error err;
    if (th_budget_open(&budget, &err) != 0)
        return 1;
    TH_RUN(test_items);
    TH_RUN(test_expressions);
    th_budget_close(budget);
    return TH_END();
}
