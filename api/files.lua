-- SPDX-License-Identifier: Apache-2.0
--
-- Files in the folder `files.dir`, each with its row in stored_file: the row is committed before
-- the file is made and goes after it, so no file is forgotten. Caps count what rows say.
local db = require "thing.db"
local problem = require "thing.problem"

local M = {}

-- Bytes of one piece when a file is sent.
local PIECE = 256 * 1024

-- The file system's trouble as the caller may see it; the log has the rest.
local function check(done, message, code)
    if done then
        return done
    end
    thing.log("error", "file_failed", message)
    if code == "unavailable" or code == "busy" then
        problem.raise("unavailable", "The server's file store cannot take or give this now.")
    end
    problem.raise("internal")
end

function M.need_folder()
    if not thing.files.on() then
        problem.raise("unavailable", "This server has no folder for files (files.dir).")
    end
end

-- Caps hold for what is there together with `bytes` more of the owner's. Inside a transaction,
-- whose end lets the next one look.
function M.check_caps(owner, bytes)
    db.rows("select pg_advisory_xact_lock(hashtext('thingd files'))")
    local sums = db.row([[select coalesce(sum(bytes), 0)::bigint as every,
        coalesce(sum(bytes) filter (where owner = $1), 0)::bigint as own from stored_file]], owner)
    if sums.every + bytes > thing.conf("files.max_bytes") then
        problem.raise("storage_full", "The server's file store is full.")
    elseif sums.own + bytes > thing.conf("files.owner_bytes") then
        problem.raise("storage_full", "Your files in the file store fill your share of it.")
    end
end

-- The row of a new file of the owner's (a subject's key). Returns its id and name.
function M.create(owner, title, bytes, seconds)
    M.check_caps(owner, bytes)
    local name = thing.crypto.random(20):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
    local id = db.value([[insert into stored_file (name, owner, title, bytes, expires_at)
        values ($1, $2, $3, $4, now() + $5 * interval '1 second') returning id as v]], name, owner,
        title, bytes, seconds)
    return id, name
end

function M.write(name, at, text)
    check(thing.files.write(name, at, text))
end

-- The body of the request, whichever way it came.
function M.write_body(ctx, name, at)
    if ctx.body_size > #ctx.raw then
        check(thing.files.write_body(name, at))
    else
        M.write(name, at, ctx.raw)
    end
end

-- "" at the end.
function M.read(name, at, n)
    return check(thing.files.read(name, at, n))
end

-- Digest and size.
function M.sha256(name)
    local digest, size, code = thing.files.sha256(name)
    check(digest, size, code)
    return digest, size
end

-- The file and its row.
function M.remove(id, name)
    if thing.files.on() then
        check(thing.files.remove(name))
        db.rows("delete from stored_file where id = $1", id)
    end
end

-- An answer that is the file, as an attachment.
function M.reply(name, title, content_type)
    local at = 0
    return {
        status = 200, body = "", headers = {
            ["content-type"] = content_type,
            ["content-disposition"] = ('attachment; filename="%s"'):format(title),
        },
        pieces = function()
            local piece = M.read(name, at, PIECE)
            at = at + #piece
            return piece ~= "" and piece or nil
        end,
    }
end

-- Files whose time is up and that no open job reads or writes.
function M.sweep()
    local rows = db.rows([[select f.id, f.name from stored_file f where f.expires_at < now()
        and not exists (select from job j where (j.input_id = f.id or j.output_id = f.id)
            and j.state in ('queued', 'running')) limit 100]])
    for _, row in ipairs(rows) do
        M.remove(row.id, row.name)
    end
end

return M
