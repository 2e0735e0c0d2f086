/* SPDX-License-Identifier: Apache-2.0
 *
 * The libraries without effects, as scripts call them: an expression, and its value as text; errors begin
 * with "!". */
#include "expression.h"

static const char *const rows[][2] = {
    /* json: what goes in comes out */
    {"json.encode(json.decode('[]'))", "[]"},
    {"json.encode(json.decode('{}'))", "{}"},
    {"json.encode(json.decode('[[],{},null,true,false]'))", "[[],{},null,true,false]"},
    {"json.encode(json.decode('9223372036854775807'))", "9223372036854775807"},
    {"json.encode(json.decode('-9223372036854775808'))", "-9223372036854775808"},
    {"math.type(json.decode('9007199254740993'))", "integer"},
    {"math.type(json.decode('9223372036854775808'))", "float"},
    {"math.type(json.decode('1.0'))", "float"},
    {"json.encode(1.0)", "1.0"},
    {"json.encode(0.1)", "0.1"},
    {"json.encode(1/3)", "0.33333333333333331"},
    {"json.encode(1e100)", "1e+100"},
    {"json.encode(-0.0)", "-0.0"},
    {"json.decode(json.encode(5e-324)) == 5e-324", "true"},
    {"json.encode('a\"\\\\\\n\\t\\1é')", "\"a\\\"\\\\\\n\\t\\u0001é\""},
    {"json.decode('\"\\\\u00e9\\\\ud834\\\\udd1e\"')", "é𝄞"},
    {"json.encode(json.null)", "null"},
    {"json.encode(nil)", "null"},
    {"json.decode('null') == json.null", "true"},
    {"tostring(json.null)", "null"},
    {"json.encode({ 1, 2, 3 })", "[1,2,3]"},
    {"json.encode({})", "{}"},
    {"json.encode(json.array())", "[]"},
    {"json.encode(json.array({ 1 }))", "[1]"},
    {"json.encode({ a = { b = { 1 } } })", "{\"a\":{\"b\":[1]}}"},
    {"json.is_array(json.decode('[1]'))", "true"},
    {"json.is_array({ 1 })", "false"},
    {"json.is_array('x')", "false"},
    {"select('#', json.decode('[1'))", "3"},
    {"select(3, json.decode('[1'))", "syntax"},
    /* json: what it cannot hold */
    {"json.encode(print)", "!cannot encode a function"},
    {"json.encode({ print })", "!cannot encode a function"},
    {"json.encode(0/0)", "!cannot encode a number that is not finite"},
    {"json.encode(math.huge)", "!cannot encode a number that is not finite"},
    {"json.encode('a\\0b')", "!cannot encode text with a NUL byte"},
    {"json.encode({ [1.5] = 1 })",
        "!cannot encode a table with gaps, or with both numbers and names as keys"},
    {"json.encode({ 1, nil, 3 })",
        "!cannot encode a table with gaps, or with both numbers and names as keys"},
    {"json.encode({ 1, a = 2 })", "!cannot encode a table with gaps, or with both numbers and names as keys"},
    {"json.encode({ [true] = 1 })", "!cannot encode a key that is not text"},
    {"json.encode(deep(63))", NULL},
    {"json.encode(deep(65))", "!cannot encode tables nested deeper than 64, or in a circle"},
    {"json.encode(('x'):rep(1040000)):len()", "1040002"},
    {"json.encode({ ('x'):rep(600000), ('x'):rep(600000) })", "!cannot encode JSON over 1048576 bytes"},
    {"json.array(setmetatable({}, {}))", "!bad argument #1 to 'array' (table with a metatable)"},
    /* base64, hex */
    {"thing.base64.encode('')", ""},
    {"thing.base64.decode('YQ==')", "a"},
    {"thing.base64.decode('YQ')", "nil"},
    {"select(2, thing.base64.decode('!'))", "not base64"},
    {"thing.base64.decode(1)", "!bad argument #1 to 'decode' (string expected, got number)"},
    {"#thing.base64.decode(thing.base64.encode(('x'):rep(5000)))", "5000"},
    {"thing.hex.decode('6G')", "nil"},
    {"select(2, thing.hex.decode('616'))", "not hex: an odd number of digits"},
    {"thing.hex.encode(thing.hex.decode('00FFab'))", "00ffab"},
    /* bytes */
    {"thing.bytes.bits('\\xff\\0\\x0f', 4, 16)", "61440"},
    {"thing.bytes.bits(('\\xff'):rep(8), 0, 64)", "-1"},
    {"thing.bytes.bits('\\x80', 0, 1)", "1"},
    {"thing.bytes.bits('a', 1, 8)", "!bad argument #2 to 'bits' (bit field ends behind the data)"},
    {"thing.bytes.bits('a', -1, 1)", "!bad argument #2 to 'bits' (out of range)"},
    {"thing.bytes.bits('a', 0, 65)", "!bad argument #3 to 'bits' (out of range)"},
    {"thing.bytes.signed(0x7f, 8)", "127"},
    {"thing.bytes.signed(0x1ff, 8)", "-1"},
    {"thing.bytes.signed(-1, 64)", "-1"},
    {"thing.bytes.set_bits('\\xff', 2, 3, 0) == '\\xc7'", "true"},
    {"thing.bytes.bits(thing.bytes.set_bits('abc', 3, 11, 1234), 3, 11)", "1234"},
    {"thing.bytes.unpack('>I3', '\\1\\2\\3')", "66051"},
    {"thing.bytes.unpack('>I4', '\\1')", "!bad argument #2 to 'unpack' (data string too short)"},
    /* crc: the check values of the catalogue, over "123456789" */
    {"thing.crc.crc8(nine, 'smbus')", "244"},
    {"thing.crc.crc8(nine, 'maxim')", "161"},
    {"thing.crc.crc8(nine, 'sae_j1850')", "75"},
    {"thing.crc.crc8(nine, 'rohc')", "208"},
    {"thing.crc.crc16(nine, 'modbus')", "19255"},
    {"thing.crc.crc16(nine, 'arc')", "47933"},
    {"thing.crc.crc16(nine, 'ccitt_false')", "10673"},
    {"thing.crc.crc16(nine, 'xmodem')", "12739"},
    {"thing.crc.crc16(nine, 'kermit')", "8585"},
    {"thing.crc.crc16(nine, 'x25')", "36974"},
    {"thing.crc.crc16(nine, 'genibus')", "54862"},
    {"thing.crc.crc16(nine, 'mcrf4xx')", "28561"},
    {"thing.crc.crc16(nine, 'usb')", "46280"},
    {"thing.crc.crc16(nine, 'dnp')", "60034"},
    {"thing.crc.crc16(nine, 'en_13757')", "49847"},
    {"thing.crc.crc32(nine, 'iso_hdlc')", "3421780262"},
    {"thing.crc.crc32(nine, 'castagnoli')", "3808858755"},
    {"thing.crc.crc32(nine, 'bzip2')", "4236843288"},
    {"thing.crc.crc32(nine, 'mpeg_2')", "58124007"},
    {"thing.crc.crc16(nine, 'crc99')", "!bad argument #2 to 'crc16' (unknown variant)"},
    {"thing.crc.crc8('')", "0"},
    {"thing.crc.sum8('')", "0"},
    {"thing.crc.xor8('')", "0"},
    /* digests */
    {"thing.hash.sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"thing.hash.sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"thing.hash.md5('abc')", "900150983cd24fb0d6963f7d28e17f72"},
    {"thing.hash.sha256('abc', true) == thing.hex.decode(thing.hash.sha256('abc'))", "true"},
    {"thing.hmac.sha256('Jefe', 'what do ya want for nothing?')",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"thing.hmac.sha1('Jefe', 'what do ya want for nothing?')", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {"thing.hmac.md5('Jefe', 'what do ya want for nothing?')", "750c783e6ab0b503eaa86e310a5db738"},
    {"#thing.hmac.sha256('', '', true)", "32"},
    {"thing.hash.equal('abc', 'abd')", "false"},
    {"thing.hash.equal('', '')", "true"},
    /* stats */
    {"thing.stats.min({ 3, 1.5, 2 })", "1.5"},
    {"math.type(thing.stats.max({ 3, 1 }))", "integer"},
    {"thing.stats.min({})", "nil"},
    {"thing.stats.avg({})", "nil"},
    {"thing.stats.sum({})", "0.0"},
    {"thing.stats.stddev({ 1 })", "nil"},
    {"thing.stats.stddev({ 2, 4, 4, 4, 5, 5, 7, 9 })", "2.1380899352994"},
    {"thing.stats.median({ 4, 1, 3, 2 })", "2.5"},
    {"thing.stats.median({})", "nil"},
    {"thing.stats.percentile({ 1, 2, 3, 4, 5 }, 0)", "1.0"},
    {"thing.stats.percentile({ 1, 2, 3, 4, 5 }, 100)", "5.0"},
    {"thing.stats.percentile({ 7 }, 33)", "7.0"},
    {"thing.stats.percentile({ 1 }, 101)", "!bad argument #2 to 'percentile' (not from 0 to 100)"},
    {"thing.stats.percentile({ 1 }, 0/0)", "!bad argument #2 to 'percentile' (not from 0 to 100)"},
    {"thing.stats.avg({ 1, 'x' })", "!item 2 is a string, not a number"},
    {"thing.stats.avg(many(20001))", "!bad argument #1 to 'avg' (too many numbers)"},
    {"thing.stats.median(many(20000))", "10000.5"},
    /* time */
    {"thing.time.format(1764000000123)", "2025-11-24T16:00:00.123Z"},
    {"thing.time.parse('2025-11-24T17:00:00.123+01:00')", "1764000000123"},
    {"thing.time.parse('yesterday')", "nil"},
    {"thing.time.format(1e20)", "!bad argument #1 to 'format' (number has no integer representation)"},
    {"thing.time.format(math.maxinteger)", "!bad argument #1 to 'format' (out of range)"},
    {"thing.time.parts(-1).ms", "999"},
    {"thing.time.parts(-1).year", "1969"},
    {"thing.time.parts(0).weekday", "4"},
    {"thing.time.parts(0, -60).hour", "23"},
    {"math.type(thing.time.now())", "integer"},
    /* the sandbox's os */
    {"os.date('!%Y-%m-%d %H:%M:%S', 1764000000)", "2025-11-24 16:00:00"},
    {"os.time({ year = 2025, month = 11, day = 24, hour = 16 })", "1764000000"},
    {"os.date('*t', 0).year", "1970"},
    {"os.time({ year = 2025 })", "!field 'month' missing in date table"},
    {"os.date('%Q')", "!bad argument #1 to 'date' (invalid conversion specifier)"},
    {"math.type(os.time())", "integer"},
};

static void test_expressions(void)
{
    for (size_t i = 0; i < TH_COUNT(rows); i++) {
        TH_ROW("%s", rows[i][0]);
        const char *got = evaluate(rows[i][0]);
        if (rows[i][1] != NULL)
            TH_EQ_STR(got, rows[i][1]);
        else
            TH_CHECK(got[0] != '!');
    }
}

int main(void)
{
    struct th_error err;
    if (th_budget_open(&budget, &err) != 0)
        return 1;
    TH_RUN(test_expressions);
    th_budget_close(budget);
    return TH_END();
}
