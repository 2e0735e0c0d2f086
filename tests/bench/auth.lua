-- SPDX-License-Identifier: Apache-2.0
--
-- wrk script: auth requests of many devices with right passwords; an answer that does not allow counts as an error.
-- Environment: BENCH_PRODUCT, BENCH_PASSWORDS (file of lines "device password"), BENCH_THREADS.
local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
    thread:set("number", #threads - 1)
end

function init()
    local product, all = os.getenv("BENCH_PRODUCT"), tonumber(os.getenv("BENCH_THREADS"))
    wrk.method = "POST"
    wrk.headers["content-type"] = "application/json"
    requests, count, n, denied = {}, 0, 0, 0
    local line = 0
    for text in io.lines(os.getenv("BENCH_PASSWORDS")) do
        local device, password = text:match("^(%S+) (%S+)$")
        if line % all == number then
            requests[count] = wrk.format(nil, nil, nil, ('{"ipaddress":"127.0.0.1","protocol":"4","password":"%s",'
                .. '"client_id":"%s","username":"%s"}'):format(password, device, product))
            count = count + 1
        end
        line = line + 1
    end
end

function request()
    n = n + 1
    return requests[n % count]
end

function response(status, _, body)
    if status ~= 200 or not body:find('"allow"', 1, true) then
        denied = denied + 1
    end
end

function done(summary, latency)
    local errors, refused = summary.errors, 0
    for _, thread in ipairs(threads) do
        refused = refused + thread:get("denied")
    end
    io.write(("\nBENCH %d %d %d %d %.0f %.0f %.0f\n"):format(summary.requests, refused,
        errors.connect + errors.read + errors.write + errors.timeout, summary.duration, latency:percentile(50),
        latency:percentile(99), latency.max))
end
