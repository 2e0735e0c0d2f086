-- SPDX-License-Identifier: Apache-2.0
--
-- Errors of the API. Each has a stable code, a status and a title; clients branch on the code. A
-- handler ends its request with problem.raise(code, detail, members); whatever runs above it rolls
-- back and answers problem+json (RFC 9457). Details are written for the caller: never SQL, never
-- another caller's data.
local M = {}

-- code, status, title, what it means and what to do about it
local LIST = {
    { "invalid_json", 400, "Not JSON",
        "The body is not JSON that this API takes: it does not parse, is nested too "
        .. "deeply, names a member twice, or holds text or numbers that cannot be stored." },
    { "invalid_query", 400, "Invalid query",
        "A query parameter is unknown, given twice, or not of its form; `errors` "
        .. "names each." },
    { "invalid_header", 400, "Invalid header",
        "A header that this request depends on is not of its form." },
    { "unauthenticated", 401, "Not signed in",
        "The request carries no valid session or API token." },
    { "wrong_credentials", 401, "Wrong credentials",
        "Account, password or code are not right, or the account is "
        .. "disabled; which of these is not said." },
    { "second_factor_required", 401, "Code required",
        "The password is right; send it again with `code`, from the "
        .. "authenticator app or one of the recovery codes." },
    { "forbidden", 403, "Not allowed",
        "The caller's roles do not include the permission named in the detail." },
    { "csrf", 403, "Cross-site request refused",
        "A request with a session cookie that changes something needs the "
        .. "session's CSRF token in the header X-CSRF-Token." },
    { "password_change_required", 403, "Change the password first",
        "The password was given by somebody else: POST "
        .. "/api/v1/session/password with one of your own." },
    { "not_found", 404, "Not found",
        "There is no such path or thing, or the caller may not know of it." },
    { "invalid_cursor", 404, "No such page",
        "The cursor is damaged or belongs to a list in another order. "
        .. "Start again without one." },
    { "method_not_allowed", 405, "Method not allowed",
        "The path exists, but not with this method; the header Allow "
        .. "lists those it has." },
    { "conflict", 409, "Conflict",
        "Something with this key already exists, or the change contradicts what is "
        .. "there." },
    { "in_use", 409, "In use",
        "The thing cannot be deleted while others depend on it; the detail says which." },
    { "version_conflict", 409, "Version conflict",
        "The update names a version (in If-Match or in the body) that "
        .. "is no longer the newest. Read again and decide anew." },
    { "unknown_reference", 409, "Names what is not there",
        "The body names something that does not exist." },
    { "idempotency_mismatch", 409, "Idempotency-Key used for something else",
        "The same Idempotency-Key came with "
        .. "another request within 24 hours." },
    { "command_closed", 409, "Command is over",
        "The command has already succeeded, failed, expired or been "
        .. "canceled." },
    { "alarm_closed", 409, "Alarm is over",
        "The alarm has been cleared; one that is raised anew is another." },
    { "storage_full", 409, "No room",
        "The files of the server, or yours, have reached their cap; delete some, or wait until "
        .. "they expire." },
    { "upload_incomplete", 409, "Parts are missing",
        "The upload cannot be finished: not all of its parts are there." },
    { "too_large", 413, "Too large",
        "The request's body or its answer is larger than this server takes." },
    { "unsupported_media_type", 415, "Unsupported media type",
        "Bodies are application/json (PATCH also "
        .. "application/merge-patch+json)." },
    { "validation_failed", 422, "Not valid",
        "The body is JSON but not what this path takes; `errors` lists path and "
        .. "message of each fault." },
    { "script_invalid", 422, "The script is not valid",
        "It does not load, or one of its own tests fails; `errors` has line and column, or the "
        .. "test's name." },
    { "file_invalid", 422, "The file is not valid",
        "The file is not what it is said to be; the detail says in which line, or how its hash "
        .. "differs." },
    { "rate_limited", 429, "Too many requests", "Wait as long as Retry-After says." },
    { "internal", 500, "Internal error",
        "A fault of the server; the log has it under the request id." },
    { "mail_failed", 502, "Mail not sent",
        "The mail server did not take the letter; nothing was changed, and the log says why." },
    { "busy", 503, "Busy", "Too much is under way. Try again after Retry-After." },
    { "unavailable", 503, "Unavailable", "The database cannot be reached right now. Try again." },
    { "timeout", 504, "Timed out",
        "The request took longer than it may. It may still have been done: read before "
        .. "trying again." },
}

M.codes = {}
for i, c in ipairs(LIST) do
    M.codes[c[1]] = { order = i, status = c[2], title = c[3], meaning = c[4] }
end

local mt = {
    __name = "thing.problem",
    __tostring = function(p) return p.code .. ": " .. (p.detail or p.title) end,
}

-- members: further members of the answer, such as errors = {{path=, message=}}. Not sent:
-- `headers`, which go into the answer's head, `rerun`, which marks a transaction that may be tried
-- again, and `lost`, which marks a job that another run has taken over.
function M.new(code, detail, members)
    local def = M.codes[code] or error("no such problem: " .. tostring(code), 2)
    local p = { code = code, status = def.status, title = def.title, detail = detail }
    for k, v in pairs(members or {}) do
        p[k] = v
    end
    return setmetatable(p, mt)
end

function M.raise(code, detail, members)
    error(M.new(code, detail, members), 0)
end

function M.is(e)
    return getmetatable(e) == mt
end

local PRIVATE = { headers = true, rerun = true, lost = true }

-- What is sent, as a plain table.
function M.body(p, request_id)
    local body = { type = "/errors/" .. p.code, request_id = request_id }
    for k, v in pairs(p) do
        if not PRIVATE[k] then
            body[k] = v
        end
    end
    return body
end

-- All codes in the order of their status: { {code=, status=, title=, meaning=}, ... }
function M.list()
    local out = {}
    for i, c in ipairs(LIST) do
        out[i] = { code = c[1], status = c[2], title = c[3], meaning = c[4] }
    end
    return out
end

return M
