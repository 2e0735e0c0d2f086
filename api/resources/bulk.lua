-- SPDX-License-Identifier: Apache-2.0
--
-- What begins a job: imports, actions over many devices, exports. Each answers 202 with the job.
local actions = require "api.jobs.action"
local commands = require "api.commands"
local db = require "thing.db"
local device_delete = require "api.device_delete"
local device_list = require "api.device_list"
local exports = require "api.jobs.export"
local export_sql = require "api.jobs.export_sql"
local files = require "api.files"
local imports = require "api.jobs.import"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local schema = require "thing.schema"
local selection = require "api.selection"
local store = require "api.jobs.store"
local types = require "api.types"

local function taken(id, doc)
    return reply.json(doc, 202, { location = "/api/v1/jobs/" .. id })
end

-- The id of a product that the caller may see with this permission.
local function product_id(ctx, key, permission)
    local scope = store.scope(ctx.subject, permission)
    return db.value([[select id as v from product where key = $1
        and ($2::bigint[] is null or id = any($2))]], key, scope and db.array(scope))
        or problem.raise("unknown_reference", "There is no product " .. key .. ".")
end

-- ---- imports ----

local IMPORT_TEXT = [[
The body is the file, up to the server's limit of a body; larger ones come as an upload. CSV is
of RFC 4180 in UTF-8, its first line names the columns: `key`, `product`, `name`, `tags` (parted
by blanks, commas or semicolons), `enabled`, `attributes` and `parameters` (JSON objects) or a
column for each member, `attributes.NAME` (texts) and `parameters.NAME` (numbers and true or
false as such). An empty cell says nothing. JSON is an array of the bodies that make a device, or
one such object a line; each may name its `product`. The file is counted first: one that cannot
be read changes nothing. Each row's outcome is in the job's rows; the credentials of new devices
can be downloaded once.]]

local IMPORT_TYPES = { ["text/csv"] = "csv", ["application/json"] = "json",
    ["application/x-ndjson"] = "jsonl" }

local IMPORT_NAMES = { json = "json", jsonl = "jsonl", ndjson = "jsonl" }

local IMPORT_QUERY = {
    format = { type = "string", enum = { "csv", "json", "jsonl" },
        description = "Unless the body's Content-Type or the upload's name says it; else csv." },
    product = types.KEY,
    mode = { type = "string", enum = { "create", "upsert" }, default = "create",
        description = "upsert changes devices that are there: members that a row has are merged "
            .. "into the device as a PATCH would." },
    dry_run = { type = "boolean", default = false,
        description = "Only say what would be done." },
    delimiter = { type = "string", enum = { "auto", "comma", "semicolon", "tab" },
        default = "auto", description = "Of CSV; auto: the one that the first line has most." },
    upload = { type = "string", pattern = "^[0-9a-f]{32}$",
        description = "Id of an upload that is ready, in place of a body." },
}

local function uploaded(ctx)
    local row = db.row([[select u.file_id as id, f.title, u.ready_at is not null as ready
        from upload u
        join stored_file f on f.id = u.file_id where u.key = $1 and f.owner = $2
            and f.expires_at > now()]], ctx.query.upload, ctx.subject.key)
    if not row then
        problem.raise("unknown_reference", "There is no such upload.")
    elseif not row.ready then
        problem.raise("upload_incomplete", "The upload is not finished.")
    end
    return row.id, row.title
end

local function received(ctx)
    if ctx.body_size == 0 then
        problem.raise("conflict", "There is neither a body nor an upload.")
    end
    local id, name = db.tx(function()
        return files.create(ctx.subject.key, "", ctx.body_size, 3600)
    end)
    files.write_body(ctx, name, 0)
    return id
end

local function import(ctx)
    files.need_folder()
    local q = ctx.query
    imports.check(ctx.subject, q.mode)
    local product = q.product and product_id(ctx, q.product, "devices:create")
    local input, title
    if q.upload then
        input, title = uploaded(ctx)
    else
        input = received(ctx)
    end
    local format = q.format or IMPORT_TYPES[ctx.content_type] or IMPORT_NAMES[(title or ""):match(
        "%.(%w+)$")] or "csv"
    local params = jsonio.encode { format = format, mode = q.mode, dry_run = q.dry_run,
        product = q.product, delimiter = format == "csv" and q.delimiter or nil,
        upload = q.upload }
    return taken(db.tx(function()
        return store.create(ctx, { kind = "import", params = params, input_id = input,
            product_id = product, products = store.scope(ctx.subject, "devices:create"),
            product = product and { id = product, key = q.product } })
    end))
end

-- ---- actions ----

-- One of the actions that take the same members; required: of these.
local function form(name, names, members, required)
    local properties = { action = { type = "string", enum = names }, selection = selection.SCHEMA }
    for member, s in pairs(members) do
        properties[member] = s
    end
    return schema.named(name, { type = "object", additionalProperties = false,
        required = { "action", "selection", required }, properties = properties })
end

local ACTION = schema.named("BulkAction", { anyOf = {
    form("BulkTag", { "tag", "untag" }, { tags = { type = "array", items = types.TAG, minItems = 1,
        maxItems = 64 } }, "tags"),
    form("BulkSwitch", { "enable", "disable" }, {}),
    form("BulkCommand", { "command" }, { command = {
        type = "object", additionalProperties = false,
        properties = { name = types.KEY, params = types.OBJECT, ttl_seconds = commands.TTL },
        description = "Without a name it sets properties.",
    } }, "command"),
    form("BulkDelete", { "delete" }, { history = device_delete.QUERY }),
} })

local function check_action(ctx)
    local body = ctx.body
    selection.check(body.selection)
    return store.scope(ctx.subject, actions.PERMISSION[body.action])
end

local PREVIEW = schema.named("BulkPreview", {
    type = "object", required = { "devices", "sample" },
    properties = { devices = types.COUNT, sample = { type = "array", items = types.KEY } },
})

local function preview(ctx)
    local scope = check_action(ctx)
    local q = selection.query(ctx.body.selection, scope)
    local sample = jsonio.array()
    for i, row in ipairs(db.rows_of(q:sql("t.key", "order by t.id limit 10"))) do
        sample[i] = row.key
    end
    return reply.value { devices = selection.count(ctx.body.selection, scope), sample = sample }
end

local function act(ctx)
    local scope = check_action(ctx)
    return taken(store.create(ctx, { kind = "action", params = ctx.raw, products = scope }))
end

-- ---- exports ----

local function export_form(name, what, members)
    local properties = {
        what = { type = "string", enum = { what } },
        format = { type = "string", enum = { "csv", "jsonl" }, default = "csv" },
        selection = selection.SCHEMA,
    }
    for member, s in pairs(members) do
        properties[member] = s
    end
    return schema.named(name, { type = "object", required = { "what" },
        additionalProperties = false, properties = properties,
        description = "Without a selection all devices that the caller may see; until now, unless "
            .. "`to` says otherwise." })
end

local EXPORT = schema.named("Export", { anyOf = {
    export_form("ExportDevices", "devices", {}),
    export_form("ExportHistory", "history", {
        from = types.TIME, to = types.TIME,
        properties = { type = "array", minItems = 1, maxItems = 64,
            items = { type = "string", minLength = 1, maxLength = 128 },
            description = "Only reports with one of these, and in CSV a column for each; without "
                .. "it all, as JSON." },
    }),
    export_form("ExportEvents", "events", { from = types.TIME, to = types.TIME,
        type = types.KEY }),
} })

local function check_export(ctx)
    files.need_folder()
    local body = ctx.body
    if body.selection then
        selection.check(body.selection)
    end
    return store.scope(ctx.subject, exports.PERMISSION[body.what])
end

local function export(ctx)
    local scope = check_export(ctx)
    local defaults = ctx.body.what == "devices" and "jsonb_build_object('format', 'csv')"
        or "jsonb_build_object('format', 'csv', 'to', th_rfc3339(now()))"
    local params = db.value("select (" .. defaults .. " || $1::jsonb)::text as v", ctx.raw)
    return taken(store.create(ctx, { kind = "export", params = params, products = scope }))
end

-- ---- the list of devices, straight into the answer ----

local STREAM_ROWS, STREAM_BYTES = 1000, 256 * 1024

local STREAM_QUERY = (function()
    local out = { format = { type = "string", enum = { "csv", "jsonl" }, default = "csv" } }
    for name, filter in pairs(device_list.FILTERS) do
        out[name] = filter.schema
    end
    return out
end)()

local function stream(ctx)
    local scope = store.scope(ctx.subject, "devices:read")
    local params = { what = "devices", format = ctx.query.format,
        selection = { values = ctx.query } }
    local place = { id = 0, newest = selection.newest() }
    local head = export_sql.head(params)
    return {
        status = 200, body = "", headers = {
            ["content-type"] = params.format == "csv" and "text/csv; charset=utf-8"
                or "application/x-ndjson",
            ["content-disposition"] = 'attachment; filename="' .. export_sql.title(params) .. '"',
        },
        pieces = function()
            if head ~= "" then
                local text = head
                head = ""
                return text
            end
            local row = export_sql.devices(params, scope, place, STREAM_ROWS, STREAM_BYTES)
            place.id = row.last_id
            return row.text
        end,
    }
end

return {
    name = "jobs", levels = {},
    routes = {
        {
            method = "POST", path = "/devices/import", action = "import", id = "devices.import",
            summary = "Make or change devices out of a file of CSV or JSON",
            description = IMPORT_TEXT, query = IMPORT_QUERY, raw = { "text/csv", "application/json",
                "application/x-ndjson" }, body_optional = true,
            answers = { [202] = { schema = store.SCHEMA } }, run = import,
        },
        {
            method = "POST", path = "/devices/actions", action = "act", id = "devices.act",
            summary = "Tag, untag, enable, disable, command or delete many devices",
            description = "Beside jobs:act it takes the permission of the single action.",
            write = true, idempotent = true, body = ACTION,
            answers = { [202] = { schema = store.SCHEMA } }, run = act,
        },
        {
            method = "POST", path = "/devices/actions/preview", action = "act",
            id = "devices.preview", summary = "How many devices an action would be about",
            body = ACTION, answers = { [200] = { schema = PREVIEW } }, run = preview,
        },
        {
            method = "GET", path = "/devices/export", action = "export", id = "devices.export",
            summary = "The list of devices as a file, straight away",
            description = "For lists of moderate length; POST /api/v1/exports makes a file in the "
                .. "background.",
            query = STREAM_QUERY,
            answers = { [200] = { text = "text/csv; charset=utf-8",
                text_too = "application/x-ndjson" } }, run = stream,
        },
        {
            method = "POST", path = "/exports", action = "export", id = "exports.create",
            summary = "Write devices, property history or events into a file",
            description = "Beside jobs:export it takes devices:read, history:read or events:read. "
                .. "The file is at /api/v1/jobs/{job}/file for a day. What changes while the job "
                .. "runs is in it or not. Devices that were deleted are not.",
            write = true, idempotent = true, body = EXPORT,
            answers = { [202] = { schema = store.SCHEMA } }, run = export,
        },
    },
}
