-- SPDX-License-Identifier: Apache-2.0
--
-- Plain HTML pages: no script, one style sheet that the page's policy names by its hash.
local cursor = require "thing.cursor"

local M = {}

local ESCAPES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
    ["'"] = "&#39;" }

function M.escape(text)
    return (tostring(text):gsub("[&<>\"']", ESCAPES))
end

local STYLE = [[
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
h2{margin-top:2.5rem}
h3{margin-bottom:.2rem}
details{margin:.3rem 0}
summary{cursor:pointer}
.m{display:inline-block;min-width:4.5rem;font-weight:600}]]

local policy

-- An answer. body is HTML already.
function M.reply(title, body)
    policy = policy or "default-src 'none'; base-uri 'none'; form-action 'none'; "
        .. "frame-ancestors 'none'; style-src 'sha256-"
        .. cursor.base64(thing.crypto.sha256(STYLE)) .. "'"
    return {
        status = 200, headers = {
            ["content-type"] = "text/html; charset=utf-8", ["content-security-policy"] = policy,
        },
        body = '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>' .. M.escape(title)
            .. '</title><meta name="viewport" content="width=device-width"><style>' .. STYLE
                .. "</style>\n"
            .. body,
    }
end

return M
