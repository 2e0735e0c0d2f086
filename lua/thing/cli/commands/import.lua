-- SPDX-License-Identifier: Apache-2.0
--
-- Devices out of a file. What is larger than one request may be goes as an upload in parts.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local job = require "thing.cli.job"
local out = require "thing.cli.out"

local FORMATS = { csv = "csv", json = "json", jsonl = "jsonl", ndjson = "jsonl" }

local TYPES = { csv = "text/csv", json = "application/json", jsonl = "application/x-ndjson" }

-- Up to this the file is one request's body, unless the server takes less.
local WHOLE_MAX = 1024 * 1024

local PART_TIMEOUT_MS = 10 * 60 * 1000

local function upload(c, body)
    local made = client.value(c:request("POST", "/uploads",
        { body = { size = #body, sha256 = thing.hash.sha256(body) } }))
    local size = made.part_size
    for n = 1, made.part_count do
        c:request("PUT", "/uploads/{upload}/parts/{part}", { timeout = PART_TIMEOUT_MS,
            with = { upload = made.id, part = ("%d"):format(n) }, patient = true,
            content_type = "application/octet-stream",
            body = body:sub((n - 1) * size + 1, n * size) })
    end
    c:request("POST", "/uploads/{upload}/finish",
        { with = { upload = made.id }, timeout = PART_TIMEOUT_MS })
    return made.id
end

local function begin(c, format, body)
    local o = c.options
    local query = { product = o.product, mode = o.upsert and "upsert" or "create",
        dry_run = o.dry_run, delimiter = o.delimiter, format = format }
    if #body <= WHOLE_MAX then
        local answer = c:request("POST", "/devices/import", { query = query, body = body,
            content_type = TYPES[format], timeout = PART_TIMEOUT_MS, accept = { [413] = true } })
        if answer.status ~= 413 then
            return answer
        end
    end
    query.upload = upload(c, body)
    return c:request("POST", "/devices/import", { query = query })
end

local function run(c)
    local o = c.options
    local ending = c.args.FILE:match("%.(%a+)$")
    local format = o.format or FORMATS[(ending or ""):lower()]
    if not format then
        c:usage("what is in it? --format csv, json or jsonl")
    elseif o.credentials and (o.dry_run or o.background) then
        c:usage("--credentials goes with an import that makes devices now")
    end
    job.check_new(c, o.credentials)
    local body = client.read_file(c.args.FILE)
    if body == "" then
        fail.raise(fail.FAILED, c.args.FILE .. " is empty")
    end
    local made, text = job.follow(c, begin(c, format, body))
    if not made then
        return 0
    end
    if made.has_credentials and o.credentials then
        job.download(c, "POST", "/jobs/{job}/credentials", o.credentials,
            { with = { job = ("%d"):format(made.id) }, private = true, once = true })
    end
    local status = job.report(c, made, text)
    if made.has_credentials and not o.credentials then
        out.note(("thingd: the secrets of the new devices wait for one download, for a day: "
            .. "thingd job credentials %d --out FILE"):format(made.id))
    end
    return status
end

return {
    name = "import", summary = "Make or change devices out of a file",
    text = "CSV with a head line (key, product, name, tags, enabled, attributes.NAME, "
        .. "parameters.NAME), a JSON array, or JSON Lines. Says what became of each row, and ends "
        .. "with status 1 when one of them came to nothing.",
    args = { { "FILE", "The file, or - for standard input" } },
    options = {
        { "product", "PRODUCT", "Where devices belong that name none" },
        { "format", "FORMAT", "When its name does not say it",
            choices = { "csv", "json", "jsonl" } },
        { "upsert", false, "Change devices that are there already" },
        { "dry-run", false, "Only say what would be done" },
        { "delimiter", "NAME", "Between the cells of CSV, when it cannot be guessed",
            choices = { "comma", "semicolon", "tab" } },
        { "credentials", "FILE", "Where the new devices' secrets go, as CSV, mode 0600" },
        job.BACKGROUND,
    },
    examples = { { "thingd import devices.csv --product greenhouse --dry-run" },
        { "thingd import devices.csv --product greenhouse --credentials secrets.csv" } },
    run = run,
}
