-- SPDX-License-Identifier: Apache-2.0
--
-- wrk script: property posts of 1,000 devices, each message of its own. Devices are dealt out to the threads, and a
-- device's report times rise by a millisecond from message to message.
-- Environment: BENCH_PRODUCT, BENCH_PREFIX, BENCH_TS (ms of the first reports), BENCH_DEVICES, BENCH_THREADS.
local DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local PAYLOADS = 2048
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local function base64(text)
    local out = {}
    for i = 1, #text, 3 do
        local a, b, c = text:byte(i, i + 2)
        local n = a * 65536 + (b or 0) * 256 + (c or 0)
        local four = {}
        for k = 1, 4 do
            local digit = math.floor(n / 64 ^ (4 - k)) % 64
            four[k] = DIGITS:sub(digit + 1, digit + 1)
        end
        if not c then four[4] = "=" end
        if not b then four[3] = "=" end
        out[#out + 1] = table.concat(four)
    end
    return table.concat(out)
end

function init()
    local product, prefix = os.getenv("BENCH_PRODUCT"), os.getenv("BENCH_PREFIX")
    local own = tonumber(os.getenv("BENCH_DEVICES")) / tonumber(os.getenv("BENCH_THREADS"))
    wrk.method = "POST"
    wrk.headers["content-type"] = "application/json"
    heads, payloads, first, n = {}, {}, tonumber(os.getenv("BENCH_TS")), 0
    for i = 0, own - 1 do
        local device = prefix .. (number * own + i)
        heads[i] = '{"dup":false,"retain":false,"qos":1,"topic":"' .. product .. "/" .. device
            .. '/thing/event/property/post","packet_id":1,"from_node":1,"from_ipaddress":"127.0.0.1:50000",'
            .. '"from_clientid":"' .. device .. '","from_username":"' .. product
            .. '","from_type":"custom","action":"message_publish","time":"2026-11-24 20:00:00.000","payload":"'
    end
    heads_count = own
    for i = 0, PAYLOADS - 1 do
        payloads[i] = base64(('{"id":"%d","params":{"temperature":%.1f,"humidity":%d,"state":"%s"},"ack":0}'):format(
            100000 + i, 15 + i % 200 / 10, 30 + i % 50, i % 3 == 0 and "on" or "off"))
    end
end

function request()
    local body = heads[n % heads_count] .. payloads[n % PAYLOADS] .. ('","ts":%.0f}'):format(
        first + math.floor(n / heads_count))
    n = n + 1
    return wrk.format(nil, nil, nil, body)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(("\nBENCH %d %d %d %d %.0f %.0f %.0f\n"):format(summary.requests, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout, summary.duration, latency:percentile(50),
        latency:percentile(99), latency.max))
end
