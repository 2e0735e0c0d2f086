-- SPDX-License-Identifier: Apache-2.0
--
-- What a product's script may use: every function and value of `thing`, once. The manual, the
-- editor's completion and the stubs for lua-language-server are made from this table; a test holds
-- it against what is really there and runs the examples.
--
-- A section: {name, text, functions, phases}. phases: those in which its functions may be called;
-- nil for all. A function: {name, signature, text, example = {expression, what it gives}}, the
-- signature with types as lua-language-server writes them.

local function section(name, text, functions, phases)
    local s = { name = name, text = text, phases = phases, functions = {} }
    for i, f in ipairs(functions) do
        s.functions[i] = { name = f[1], signature = f[2], text = f[3], example = f[4] }
    end
    return s
end

return {
    section("thing",
        "Effects of a message. They are performed together with it, or not at all.", {
        { "store", "(params: table<string, any>, time?: integer)",
            "Stores properties, beside what the handler returns. time: ms; default the "
            .. "message's." },
        { "event", "(type: string, params: any, time?: integer)",
            "Stores an event of the device." },
        { "reply", "(code: integer, data?: any)",
            "Answers the message; then the platform does not. code: as in HTTP, 2xx is success." },
        { "command", "(name: string, params: any, ttl_seconds?: integer)",
            'Queues a command for the device; name "property" sets properties.' },
        { "result", "(result: {id?: string, ids?: integer[], code: integer, data?: any})",
            "Records what became of a command: matched by id, else by ids." },
    }, { "property", "event", "message", "reply" }),

    section("thing.log",
        "Lines for the product's live log. At most 200 lines and 32 KiB in one call. "
        .. "Arguments are joined by blanks, tables are shown as JSON.", {
        { "debug", "(...: any)", "Shown when the log's level is debug." },
        { "info", "(...: any)", "As print()." },
        { "warn", "(...: any)", "Something is odd." },
        { "error", "(...: any)", "Something is wrong. Raises nothing: that is error()." },
    }),

    section("thing.json",
        "JSON in which null, empty arrays and 64-bit integers stay what they are.", {
        { "decode", "(text: string): any?, string?, string?",
            "The value, or nil, a reason and a code. At most 1 MiB, 64 levels, no key twice.",
            { 'thing.json.decode("[1, 2.5, null]")[2]', "2.5" } },
        { "encode", "(value: any): string",
            "Tables with the keys 1 to n are arrays, others objects with text keys; an "
            .. "empty table is {}. Raises on what JSON cannot hold. At most 1 MiB.",
            { "thing.json.encode({ 1, true, thing.json.null })", "[1,true,null]" } },
        { "array", "(items?: any[]): any[]",
            "Marks a table, so that it is encoded as an array even when empty.",
            { "thing.json.encode(thing.json.array())", "[]" } },
        { "is_array", "(value: any): boolean",
            "Whether a table carries that mark, as decoded arrays do.",
            { 'thing.json.is_array(thing.json.decode("[]"))', "true" } },
        { "null", "lightuserdata",
            "Stands for null; nil would not be there at all.",
            { 'thing.json.decode("null") == thing.json.null', "true" } },
    }),

    section("thing.bytes",
        "Binary payloads. Bits are counted from 0, the most significant of the first byte.", {
        { "unpack", "(format: string, data: string, pos?: integer): ...any",
            "Reads values as string.unpack does: > big endian, < little; I2, i4, f, s1, z ...",
            { '(thing.bytes.unpack(">I2", "\\1\\2"))', "258" } },
        { "pack", "(format: string, ...: any): string",
            "Writes values as string.pack does.", { '#thing.bytes.pack("<i4 B", -1, 255)', "5" } },
        { "size", "(format: string): integer",
            "Bytes that a format of fixed size takes.", { 'thing.bytes.size(">I2 I2 B")', "5" } },
        { "bits", "(data: string, first: integer, count: integer): integer",
            "A field of 1 to 64 bits, unsigned.",
            { 'thing.bytes.bits("\\xab\\xcd", 4, 8)', "188" } },
        { "set_bits", "(data: string, first: integer, count: integer, value: integer): string",
            "The data with that field set.",
            { 'thing.hex.encode(thing.bytes.set_bits("\\0\\0", 4, 8, 255))', "0ff0" } },
        { "signed", "(value: integer, count: integer): integer",
            "A field of count bits as two's complement.", { "thing.bytes.signed(0xfe, 8)", "-2" } },
    }),

    section("thing.hex", "Hexadecimal text.", {
        { "encode", "(data: string): string",
            "Lower-case digits.", { 'thing.hex.encode("ab")', "6162" } },
        { "decode", "(text: string): string?, string?, string?",
            "The bytes, or nil, a reason and a code.", { 'thing.hex.decode("6162")', "ab" } },
    }),

    section("thing.base64", "Base64 as in RFC 4648.", {
        { "encode", "(data: string): string",
            "With padding.", { 'thing.base64.encode("ab")', "YWI=" } },
        { "decode", "(text: string): string?, string?, string?",
            "The bytes, or nil, a reason and a code. Strict: whole groups, no blanks.",
            { 'thing.base64.decode("YWI=")', "ab" } },
        { "encode_url", "(data: string): string",
            "The alphabet for URLs, without padding.",
            { 'thing.base64.encode_url("\\xff\\xfe")', "__4" } },
        { "decode_url", "(text: string): string?, string?, string?",
            "The reverse of encode_url.", { 'thing.base64.decode_url("YWI")', "ab" } },
    }),

    section("thing.crc", "Checksums, named as in the catalogue of CRC algorithms.", {
        { "crc8", "(data: string, variant?: string): integer",
            "smbus (default), maxim, sae_j1850, rohc.", { 'thing.crc.crc8("123456789")', "244" } },
        { "crc16", "(data: string, variant?: string): integer",
            "modbus (default), arc, ccitt_false, xmodem, kermit, x25, genibus, mcrf4xx, "
            .. "usb, dnp, en_13757.",
            { 'thing.crc.crc16("123456789", "xmodem")', "12739" } },
        { "crc32", "(data: string, variant?: string): integer",
            "iso_hdlc (default), castagnoli, bzip2, mpeg_2.",
            { 'thing.crc.crc32("123456789")', "3421780262" } },
        { "sum8", "(data: string): integer",
            "The sum of the bytes, modulo 256.", { 'thing.crc.sum8("\\xff\\2")', "1" } },
        { "xor8", "(data: string): integer",
            "The bytes, exclusive or.", { 'thing.crc.xor8("\\6\\3")', "5" } },
    }),

    section("thing.hash", "Digests: lower-case hex, or the bytes when raw is true.", {
        { "sha256", "(data: string, raw?: boolean): string",
            "SHA-256.", { 'thing.hash.sha256(""):sub(1, 8)', "e3b0c442" } },
        { "sha1", "(data: string, raw?: boolean): string",
            "SHA-1: only for protocols that ask for it.", { '#thing.hash.sha1("", true)', "20" } },
        { "md5", "(data: string, raw?: boolean): string",
            "MD5: only for protocols that ask for it.",
            { 'thing.hash.md5("abc"):sub(1, 8)', "90015098" } },
        { "equal", "(a: string, b: string): boolean",
            "Compares secrets in a time that tells nothing.",
            { 'thing.hash.equal("a", "a")', "true" } },
    }),

    section("thing.hmac", "Keyed digests: lower-case hex, or the bytes when raw is true.", {
        { "sha256", "(key: string, data: string, raw?: boolean): string",
            "HMAC-SHA256.", { 'thing.hmac.sha256("key", "data"):sub(1, 8)', "5031fe3d" } },
        { "sha1", "(key: string, data: string, raw?: boolean): string",
            "HMAC-SHA1.", { '#thing.hmac.sha1("key", "data")', "40" } },
        { "md5", "(key: string, data: string, raw?: boolean): string",
            "HMAC-MD5.", { '#thing.hmac.md5("key", "data", true)', "16" } },
    }),

    section("thing.stats",
        "Figures over an array of at most 20,000 numbers; nil when it is too short.", {
        { "min", "(values: number[]): number?",
            "The least.", { "thing.stats.min({ 3, 1, 2 })", "1" } },
        { "max", "(values: number[]): number?",
            "The greatest.", { "thing.stats.max({ 3, 1, 2 })", "3" } },
        { "sum", "(values: number[]): number",
            "The sum; 0 of none.", { "thing.stats.sum({ 1, 2 })", "3.0" } },
        { "avg", "(values: number[]): number?",
            "The mean.", { "thing.stats.avg({ 1, 2 })", "1.5" } },
        { "median", "(values: number[]): number?",
            "The middle.", { "thing.stats.median({ 9, 1, 2 })", "2.0" } },
        { "stddev", "(values: number[]): number?",
            "The standard deviation of a sample, of two or more.",
            { "thing.stats.stddev({ 1, 3, 5 })", "2.0" } },
        { "percentile", "(values: number[], percent: number): number?",
            "Linear between the nearest two.",
            { "thing.stats.percentile({ 10, 20, 30 }, 75)", "25.0" } },
    }),

    section("thing.time", "Times are whole milliseconds since 1970, UTC.", {
        { "now", "(): integer", "Now.", { "thing.time.now() > 1700000000000", "true" } },
        { "format", "(ms: integer): string",
            "RFC 3339.", { "thing.time.format(1500)", "1970-01-01T00:00:01.500Z" } },
        { "parse", "(text: string): integer?, string?, string?",
            "From RFC 3339 with any offset; or nil, a reason and a code.",
            { 'thing.time.parse("1970-01-01T01:00:00+01:00")', "0" } },
        { "parts", "(ms: integer, offset_minutes?: integer): table<string, integer>",
            "year, month, day, hour, minute, second, ms, weekday (Monday is 1), yearday; in "
            .. "a zone so far east of UTC.",
            { "thing.time.parts(0, 60).hour", "1" } },
    }),
}
