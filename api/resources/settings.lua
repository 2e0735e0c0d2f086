-- SPDX-License-Identifier: Apache-2.0
--
-- Settings of the platform as a whole: one document, changed by merge patch.
local db = require "thing.db"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local resource = require "thing.resource"
local schema = require "thing.schema"
local settings = require "api.settings"

local PATCH = schema.named("SettingsPatch", schema.patch(settings.SCHEMA))

local check = schema.compile(settings.SCHEMA)

local function read(ctx)
    local row = db.row("select value::text as doc, rev from setting"
        .. (ctx.route.write and " for update" or ""))
    return row.doc, row.rev
end

local MERGE = [[update setting set value = th_merge_patch(value, $1::jsonb), rev = rev + 1,
    updated_at = now()
    returning value::text as doc, rev]]

local function update(ctx)
    local before, rev = read(ctx)
    resource.check_match(ctx, rev)
    local row = db.row(MERGE, ctx.raw)
    local errors = check(jsonio.decode(row.doc))
    if errors then
        problem.raise("validation_failed", errors[1].path .. " " .. errors[1].message,
            { errors = jsonio.array(errors) })
    end
    ctx:after(settings.forget)
    ctx:audit { before = before, after = row.doc }
    return reply.json(row.doc, 200, resource.etag(row.rev))
end

return {
    name = "settings", levels = { read = "admin", update = "admin" },
    routes = {
        {
            method = "GET", path = "/settings", action = "read", global = true, id = "settings.get",
            summary = "Settings that differ from their defaults",
            answers = { [200] = { schema = settings.SCHEMA, etag = true } },
            run = function(ctx)
                local doc, rev = read(ctx)
                return reply.json(doc, 200, resource.etag(rev))
            end,
        },
        {
            method = "PATCH", path = "/settings", action = "update", global = true,
                id = "settings.update",
            summary = "Change settings; null restores the default", write = true, match = true,
                body = PATCH,
            answers = { [200] = { schema = settings.SCHEMA, etag = true } }, run = update,
        },
    },
}
