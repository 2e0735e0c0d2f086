-- SPDX-License-Identifier: Apache-2.0
--
-- A notification as a letter of plain text, through the mail server of the configuration. Every
-- attempt carries the same Message-ID, so mailboxes can tell a letter that came twice. Nothing of
-- it is markup: subject and text are encoded whole.
local M = { api = 1, name = "mail", version = "1", title = "Mail" }

local ADDRESS = { type = "string", format = "email", minLength = 3, maxLength = 254 }

M.schema = {
    type = "object", required = { "to" }, additionalProperties = false,
    properties = {
        to = { type = "array", title = "Recipients", items = ADDRESS, minItems = 1, maxItems = 20,
            uniqueItems = true, description = "Each gets a letter of its own." },
        prefix = { type = "string", title = "Prefix of the subject", maxLength = 60 },
    },
}

M.hosts = {}

local function subject_of(conf, n)
    local prefix = conf.prefix and conf.prefix ~= "" and conf.prefix .. " " or ""
    local level = n.severity ~= "info" and "[" .. n.severity .. "] " or ""
    return (prefix .. level .. n.title):gsub("%c", " ")
end

local function text_of(n)
    local lines = { n.title }
    if n.text ~= "" then
        lines[#lines + 1] = "\n" .. n.text
    end
    lines[#lines + 1] = "\nSeverity: " .. n.severity
    if n.device then
        lines[#lines + 1] = ("Device: %s (%s)"):format(n.device, n.product)
    end
    lines[#lines + 1] = "Time: " .. thing.time.format(n.time)
    if n.data ~= thing.json.null then
        lines[#lines + 1] = "Data: " .. thing.json.encode(n.data)
    end
    return table.concat(lines, "\n") .. "\n"
end

function M.send(conf, n)
    local subject, text = subject_of(conf, n), text_of(n)
    for _, to in ipairs(conf.to) do
        local sent, why = thing.mail.send { to = to, subject = subject, text = text, id = n.id }
        if not sent then
            return nil, to .. ": " .. why
        end
    end
    return true
end

return M
