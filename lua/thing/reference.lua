-- SPDX-License-Identifier: Apache-2.0
--
-- What a product's script may use: every function and value of `thing`, once. The manual, the
-- editor's completion, the lint and the stubs for lua-language-server are made from this table; a
-- test holds it against what is really there and runs the examples.
--
-- A section: {name, text, functions, phases}. A function: {name, signature, text,
-- example = {expression, what it gives}, phases}, the signature with types as lua-language-server
-- writes them. phases: those in which it may be called, by default its section's; nil for all.
-- What the platform calls stands beside: see lua/thing/handlers.lua for `handlers`, `types` and
-- `members`.
local entries = require "thing.handlers"

local function section(name, text, functions, phases)
    local s = { name = name, text = text, phases = phases, functions = {} }
    for i, f in ipairs(functions) do
        s.functions[i] = { name = f[1], signature = f[2], text = f[3], example = f[4],
            phases = f.phases or phases }
    end
    return s
end

local DEVICE = { "property", "event", "message", "connect", "reply", "timer" }

return {
    section("thing",
        "Effects of a message, or of a function that was put off. They are performed together "
        .. "with it, or not at all. At most 1,000 effects and 1 MiB in one call.", {
        { "store", "(params: table<string, any>, time?: integer)",
            "Stores properties, beside what the handler returns. time: ms; default the "
            .. "message's.", phases = DEVICE },
        { "event", "(type: string, params: any, time?: integer)",
            "Stores an event of the device.", phases = DEVICE },
        { "reply", "(code: integer, data?: any)",
            "Answers the message; then the platform does not. code: as in HTTP, 2xx is success." },
        { "send", "(topic: string, bytes: string)",
            "Sends bytes to the device once the message is kept, on a topic (below its own levels) "
            .. "that the script declares under topics.subscribe. At most 16 in a call, 64 KiB "
            .. "each. As a reply it is lost when the platform stops at that moment.",
            phases = DEVICE },
        { "command", "(name: string, params: any, ttl_seconds?: integer)",
            'Queues a command for the device; name "property" sets properties.',
            phases = DEVICE },
        { "later", "(name: string, args?: any, delay_seconds?: number, key?: string)",
            "Puts a function of the script off until after the commit, 30 days at most: it is "
            .. "called as f(args, device) by the version in force then. One with a key takes the "
            .. "place of the one that waits with it. A call that fails is repeated with growing "
            .. "pauses; its effects come once. At most 100 in one call, 64 waiting for a device, "
            .. "16 KiB of args.", phases = DEVICE },
        { "forward", "(device: string, name: string, args?: any, delay_seconds?: number)",
            "Puts a function of the script off for another device of the product, named by its "
            .. "key: it is called as f(args, device) with that device, whose state and effects it "
            .. "then has. For gateways, whose messages tell of what stands behind them. Without "
            .. "such a device it is kept as dead in the outbox. Counted with thing.later in one "
            .. "call.",
            phases = DEVICE },
        { "cancel", "(key: string)", "Takes back the function that waits with this key, if any.",
            phases = DEVICE },
        { "notify", "(channel: string, notification: {title: string, text?: string, "
            .. "severity?: string, data?: any}, key?: string)",
            "Sends a notification through a channel, once the message is kept: one of the "
            .. "product's, or of the platform's that are open to all products. severity: info "
            .. "(default), warning or critical. One with a key takes the place of the device's "
            .. "one that waits for this channel with it. It is sent at least once, the same id "
            .. "in every attempt; what fails is tried again with growing pauses. Without such a "
            .. "channel it is kept as dead in the outbox. At most 16 in one call, 16 KiB each.",
            phases = DEVICE },
        { "result", "(result: {id?: string, ids?: integer[], code: integer, data?: any})",
            "Records what became of a command: matched by id, else by ids." },
    }, { "property", "event", "message", "reply" }),

    section("thing.device",
        "What the platform knows of the device, before this message. Another device of the "
        .. "product can be read by its key in the phases timer, api and notify: the call waits; at "
        .. "most 100 times.", {
        { "get", "(key?: string): table<string, any>?, string?, string?",
            "product, key, name, tags, attributes, parameters, enabled, online, connected_at (ms; "
            .. "nil: never); or nil, a reason and a code." },
        { "latest", "(property: string, key?: string): any?, integer?, string?",
            "The newest value of a property and its time in ms; nil when there is none. For "
            .. "another device that cannot be read: nil, a reason and a code." },
    }, { "property", "event", "message", "connect", "command", "reply", "timer" }),

    section("thing.http",
        "Requests to the hosts that the product's setting http_hosts lists; of a notifier, to "
        .. "those that it names. At most 10 in one call, 64 KiB up, 256 KiB down, 32 headers; "
        .. "three redirects, each to a listed host. Addresses that are not public are refused "
        .. "unless the server's configuration permits them. An interrupted call is repeated, so "
        .. "make requests that may come twice.", {
        { "request", "(request: {method?: string, url: string, headers?: table<string, string>, "
            .. "body?: string|table, timeout?: number}): table<string, any>?, string?, string?",
            "Waits for the answer: status, headers (names in lower case), body; or nil, a reason "
            .. "and a code. A table as body becomes JSON. timeout: seconds, default 10, at most "
            .. "30." },
    }, { "notify", "timer", "api" }),

    section("thing.kv",
        "Small state of the device: JSON values by name. What a message writes is kept together "
        .. "with its other effects or, when it fails or is rejected, not at all; it is read by the "
        .. "same message and those after it. At most 256 names of 1 to 128 bytes, 16 KiB "
        .. "altogether.", {
        { "get", "(key: string): any?", "The value; nil when there is none." },
        { "set", "(key: string, value: any)",
            "Keeps a value; nil deletes it. Raises when the state would become too large." },
        { "delete", "(key: string): boolean", "Deletes a value; tells whether there was one." },
        { "all", "(): table<string, any>", "All values, a copy." },
    }, DEVICE),

    section("thing.alarm",
        "Alarms of the device, once per key: for people to see, acknowledge and clear, too. Raises "
        .. "and clears are effects of the message; reads see those of this message and of the ones "
        .. "before it. Times are when the broker had the message. At most 64 active ones, keys of "
        .. "1 to 128 bytes, messages of 1,000 bytes, details of 16 KiB.", {
        { "raise", "(key: string, alarm?: {severity?: string, message?: string, details?: any}): "
            .. "boolean",
            "Raises an alarm; severity: info, warning (the default) or critical. One that is "
            .. "active is counted and takes on what is said: its severity, and message and details "
            .. "when they are given. A severity that rises takes the acknowledgement back. Tells "
            .. "whether the alarm is new.", phases = DEVICE },
        { "clear", "(key: string, words?: {message?: string, details?: any}): boolean",
            "Clears an active alarm; what is said goes into its log. Tells whether there was one.",
            phases = DEVICE },
        { "get", "(key: string): table<string, any>?",
            "An active alarm: severity, message, since and last (first and newest raise, ms), "
            .. "count (of raises), acknowledged; nil when there is none." },
    }, { "property", "event", "message", "connect", "command", "reply", "timer" }),

    section("thing.auth",
        "For on_auth: questions about the keys that are valid for the device. The keys "
        .. "themselves are shown to nobody.", {
        { "key_is", "(text: string): boolean", "Whether it is one of them." },
        { "hmac_is", "(algorithm: string, data: string, hex: string): boolean",
            "Whether hex is the keyed digest of data under one of them; algorithm: sha256, sha1 "
            .. "or md5." },
    }, { "auth" }),

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

    section("thing.cbor", "CBOR as in RFC 8949, for payloads in binary.", {
        { "decode", "(data: string): any, string?, string?",
            "The one item that data holds, or nil, a reason and a code. null and undefined become "
            .. "thing.json.null, text and byte strings strings, integers beyond 64 bits floats; "
            .. "arrays know that they are arrays. Names in maps are text, bytes or integers. Tags "
            .. "are passed over. At most 1 MiB, 64 deep.",
            { 'thing.cbor.decode("\\xa1\\x61t\\x19\\x01\\x10").t', "272" } },
        { "encode", "(value: any): string",
            "Shortest heads, names in order; floats take 4 bytes when they fit, else 8. Strings "
            .. "that are UTF-8 become text, others byte strings. A table whose keys are 1 to n is "
            .. "an array, and one that thing.json.array made; any other is a map, of at most "
            .. "10,000 names.",
            { "thing.hex.encode(thing.cbor.encode({ t = 272 }))", "a16174190110" } },
        { "bytes", "(data: string): table",
            "A byte string to encode, whatever it holds.",
            { 'thing.hex.encode(thing.cbor.encode(thing.cbor.bytes("ab")))', "426162" } },
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

    handlers = entries.handlers,
    types = entries.types,
    members = entries.members,
}
