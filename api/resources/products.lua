-- SPDX-License-Identifier: Apache-2.0
--
-- Products: a kind of device, with the settings that its devices share.
local db = require "thing.db"
local keys = require "api.keys"
local problem = require "thing.problem"
local resource = require "thing.resource"
local schema = require "thing.schema"
local types = require "api.types"

local PROVISION = {
    type = "object", additionalProperties = false,
    properties = {
        enabled = types.FLAG,
        pattern = { type = "string", pattern = "^[A-Za-z0-9_-]{0,128}$", maxLength = 128,
            description = "What the keys of devices that may provision themselves begin with." },
    },
}

local FALLBACK = {
    type = "object", additionalProperties = false,
    description = "When a version of the script counts as failing, and is undone by the system.",
    properties = {
        enabled = { type = "boolean", default = true },
        devices = { type = "integer", minimum = 1, maximum = 1000000, default = 5,
            description = "It fails for at least so many; a canary for fewer, for all of them." },
        percent = { type = "number", minimum = 0, maximum = 100, default = 20,
            description = "And for this share of those that ran it within the window." },
        window_seconds = { type = "integer", minimum = 5, maximum = 86400, default = 60 },
    },
}

local SETTINGS = schema.named("ProductSettings", {
    type = "object", additionalProperties = false,
    properties = {
        auth = { type = "string", enum = { "device_key", "product_key", "script" },
            default = "device_key",
            description = "A key per device, one key burnt into all of the product's devices, or "
                .. "the password of a known device is left to the script's on_auth." },
        auth_window = { type = "integer", minimum = 1, maximum = 31536000,
            description = "Seconds a device's clock may be off; absent: the server's setting." },
        auth_once = { type = "boolean", default = false,
            description = "Take a password once, so that one that was overheard is worth nothing. "
                .. "For devices that make a new one for each connection." },
        auto_provision = PROVISION,
        validation = { type = "string", enum = { "off", "warn", "reject" }, default = "off" },
        payload_limit = { type = "integer", minimum = 1, maximum = 16777216, default = 262144,
            description = "Bytes of one message." },
        retention_days = { type = "integer", minimum = 1, maximum = 36500 },
        on_script_error = { type = "string", enum = { "dead_letter", "store_raw" },
            default = "dead_letter",
            description = "What becomes of a report or an event that the script fails on, or that "
                .. "comes while scripts are off: a dead letter to be replayed, or stored as it "
                .. "came and flagged `raw`." },
        script_fallback = FALLBACK,
        script_log_level = { type = "string", enum = { "debug", "info", "warn", "error" },
            default = "info", description = "Least level of the script's lines that are kept." },
        script_debug_until = { type = "string", format = "date-time",
            description = "Until then all levels are." },
        scripts_enabled = { type = "boolean", default = true,
            description = "False stops the product's script at once." },
        http_hosts = { type = "array", maxItems = 100, uniqueItems = true,
            items = { type = "string", maxLength = 260, pattern = "^[A-Za-z0-9.*:-]+$" },
            description = "Whom the product's script may ask with thing.http: HOST or HOST:PORT, "
                .. "*.DOMAIN for all below it. Without a port 80 and 443 are meant." },
        command_format = { type = "string", enum = { "plain", "ids" }, default = "plain" },
    },
})

-- In product_key mode a device may claim any key that fits the pattern, so two products' patterns
-- must not overlap.
local OVERLAP_SQL = [[
    select p.key as v from product p where p.key <> $1 and p.settings ->> 'auth' = 'product_key'
        and (p.settings -> 'auto_provision' ->> 'enabled')::boolean
        and (starts_with(coalesce(p.settings -> 'auto_provision' ->> 'pattern', ''), $2)
            or starts_with($2, coalesce(p.settings -> 'auto_provision' ->> 'pattern',
                ''))) limit 1]]

local function is_host(text)
    local host, port = text:match("^([^:]+):(%d+)$")
    host = (host or text):gsub("^%*%.", "")
    return (not port or tonumber(port) >= 1 and tonumber(port) <= 65535)
        and host:find("^[%w.-]+$") and not host:find("^[.-]") and not host:find("[.-]$")
        and not host:find("..", 1, true)
end

local function check_hosts(hosts)
    for i, host in ipairs(hosts or {}) do
        if not is_host(host) then
            problem.raise("validation_failed", host .. " is not HOST, HOST:PORT or *.DOMAIN.",
                { errors = { { path = "/settings/http_hosts/" .. i - 1,
                    message = "must be HOST, HOST:PORT or *.DOMAIN" } } })
        end
    end
end

local function validate(ctx, whole)
    local settings = whole.settings or {}
    check_hosts(settings.http_hosts)
    local provision = settings.auto_provision or {}
    if not provision.enabled then
        return
    end
    if settings.auth ~= "product_key" then
        problem.raise("conflict",
            "Devices can provision themselves only with auth = product_key: an "
            .. "unknown device has no key of its own.")
    end
    local other = db.value(OVERLAP_SQL, ctx.params.product or whole.key, provision.pattern or "")
    if other then
        problem.raise("conflict", "The pattern overlaps with that of product " .. other .. ".")
    end
end

local DEVICES_SQL = "select count(*) as v from "
    .. "(select 1 from device where product_id = $1 limit 1001) d"

local function changed(ctx, key)
    ctx:after(function() thing.product.forget(key) end)
end

local M = resource.define {
    name = "products", type = "Product", path = "/products", param = "product",
    table = "product", from = "product t", key = "t.key = ?", scope = "t.id",
    levels = { read = "viewer", create = "integrator", update = "integrator",
        delete = "integrator" },
    global = { create = true },
    required = { "key" },
    fields = {
        { "key", schema = types.KEY, write = "create" },
        { "name", schema = types.NAME, write = "always", default = "''" },
        { "description", schema = types.TEXT, write = "always", default = "''" },
        { "enabled", schema = types.FLAG, write = "always", default = "true" },
        { "settings", schema = SETTINGS, write = "always", default = "'{}'" },
        { "created_at", schema = types.TIME },
        { "updated_at", schema = types.TIME },
    },
    filters = {
        key = { schema = types.KEY, sql = "t.key = ?" },
        enabled = { schema = types.FLAG, sql = "t.enabled = ?" },
        q = { schema = { type = "string", maxLength = 200, description = "Part of key or name." },
            build = function(q, v)
                local like = "%" .. v:lower():gsub("[%%_\\]", "\\%0") .. "%"
                q:where("lower(t.key) like ? or lower(t.name) like ?", like, like)
            end },
    },
    sort = "key",
    sorts = {
        key = { sql = "t.key", type = "text" }, name = { sql = "t.name", type = "text" },
        created_at = { sql = "t.created_at", type = "timestamptz" },
    },
    once = { product_key = { type = "string",
        description = "With auth = product_key: the key of all its devices. Shown only now." } },
    deleted = { type = "object", required = { "deleted" }, properties = { deleted = types.KEY } },
    hooks = {
        validate = validate,
        after_create = function(ctx, id)
            local settings = ctx.body.settings or {}
            changed(ctx, ctx.body.key)
            return settings.auth == "product_key" and { product_key = keys.make("product_key",
                id) } or nil
        end,
        after_update = function(ctx) changed(ctx, ctx.product.key) end,
        before_delete = function(ctx, row)
            local devices = db.value(DEVICES_SQL, row.id)
            if devices > 0 then
                problem.raise("in_use", (devices > 1000 and "More than 1000" or devices)
                    .. " devices belong to it.")
            end
            changed(ctx, ctx.product.key)
            return { deleted = ctx.product.key }
        end,
    },
}
return M
