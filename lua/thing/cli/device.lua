-- SPDX-License-Identifier: Apache-2.0
--
-- Devices in the arguments and in lists.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local text = require "thing.cli.text"

local M = {}

M.PATH = "/products/{product}/devices/{device}"

M.ARG = { "DEVICE", "The device as PRODUCT/DEVICE, or by its key alone" }

-- What device lists can be narrowed by.
M.FILTERS = {
    { "product", "PRODUCT", "Of this product", query = "product" },
    { "q", "TEXT", "Key or name has this in it", query = "q" },
    { "prefix", "TEXT", "Key begins with this", query = "prefix" },
    { "tag", "TAG", "Has this tag", repeated = true, query = "tag" },
    { "attribute", "NAME=VALUE", "Has this attribute", query = "attribute" },
    { "group", "GROUP", "In this group", query = "group" },
    { "online", false, "Connected now", query = "online" },
    { "offline", false, "Not connected", query = "online", as = false },
    { "enabled", false, "May connect", query = "enabled" },
    { "disabled", false, "May not connect", query = "enabled", as = false },
    { "source", "SOURCE", "How it came to be", query = "source",
        choices = { "manual", "auto", "import" } },
    { "seen-after", "TIME", "Last heard of since then", query = "seen_after", time = true },
    { "seen-before", "TIME", "Not heard of since then", query = "seen_before", time = true },
}

M.COLUMNS = {
    { "DEVICE", "key" }, { "PRODUCT", "product" }, { "NAME", "name" }, { "ONLINE", "online" },
    { "SEEN", "seen_at", show = text.time }, { "ENABLED", "enabled" }, { "TAGS", "tags" },
}

-- The product and key behind an argument: { product =, device = }. A key alone is looked up; it
-- belongs to one product only.
function M.find(c, name)
    name = name or c.args.DEVICE
    local product, key = name:match("^([^/]*)/(.*)$")
    if product == "" or key == "" then
        c:usage(("%q is not PRODUCT/DEVICE"):format(name))
    elseif product then
        return { product = product, device = key }
    end
    local answer = c:connect():request("GET", "/devices", { query = { key = name } })
    local found = client.value(answer).items[1]
    if not found then
        fail.raise(fail.NOT_FOUND, "there is no device " .. text.clean(name)
            .. ", or the token may not see it")
    end
    return { product = found.product, device = name }
end

return M
