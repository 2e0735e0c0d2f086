-- SPDX-License-Identifier: Apache-2.0
--
-- Files that are too large for one request come in parts: say what it will be, PUT the parts in any
-- order (again, when one got lost), finish. A GET says which parts are there, so an upload can be
-- gone on with. Everybody sees his own.
local db = require "thing.db"
local files = require "api.files"
local jsonio = require "thing.jsonio"
local problem = require "thing.problem"
local reply = require "thing.reply"
local schema = require "thing.schema"
local types = require "api.types"

local PART = 8 * 1024 * 1024
local KEPT = 86400
local OPEN_MAX = 100

local DIGEST = { type = "string", pattern = "^[0-9a-f]{64}$", description = "SHA-256, in hex." }

local UPLOAD = schema.named("Upload", {
    type = "object",
    required = { "id", "name", "size", "sha256", "part_size", "part_count", "parts", "ready",
        "part_url", "created_at", "expires_at" },
    properties = {
        id = { type = "string" }, name = { type = "string" },
        size = { type = "integer" }, sha256 = DIGEST,
        part_size = { type = "integer",
            description = "Bytes of each part; the last one has the rest." },
        part_count = { type = "integer" },
        parts = { type = "array", items = { type = "integer" },
            description = "Numbers, from 1, of those that are there." },
        ready = { type = "boolean", description = "It was finished and can be used." },
        part_url = { type = "string",
            description = "Where part N is PUT, with {part} in place of N." },
        created_at = types.TIME, expires_at = types.TIME,
    },
})

local CREATE = schema.named("UploadCreate", {
    type = "object", required = { "size", "sha256" }, additionalProperties = false,
    properties = {
        name = { type = "string", maxLength = 200 },
        size = { type = "integer", minimum = 1, maximum = 1 << 40 },
        sha256 = DIGEST,
    },
})

local FROM = "upload u join stored_file f on f.id = u.file_id"
local DOCUMENT = [[json_build_object('id', u.key, 'name', f.title, 'size', f.bytes,
    'sha256', encode(u.sha256, 'hex'), 'part_size', u.part_size,
    'part_count', (f.bytes + u.part_size - 1) / u.part_size,
    'parts', (select coalesce(json_agg(p.number order by p.number), '[]') from upload_part p
        where p.file_id = u.file_id),
    'ready', u.ready_at is not null, 'part_url', '/api/v1/uploads/' || u.key || '/parts/{part}',
    'created_at', th_rfc3339(f.created_at), 'expires_at', th_rfc3339(f.expires_at))]]

local FIND = "select u.file_id, u.part_size, u.sha256, u.ready_at is not null as ready, f.name, "
    .. "f.bytes, " .. DOCUMENT .. " as doc from " .. FROM
    .. " where u.key = $1 and f.owner = $2 and f.expires_at > now()"

local function find(ctx, tail)
    return db.row(FIND .. (tail or ""), ctx.params.upload, ctx.subject.key)
        or problem.raise("not_found")
end

local function part_size()
    return math.min(PART, thing.conf("http.max_body"))
end

local function create(ctx)
    files.need_folder()
    local open = db.value([[select count(*) as v from upload u join stored_file f
        on f.id = u.file_id where f.owner = $1]], ctx.subject.key)
    if open >= OPEN_MAX then
        problem.raise("storage_full", ("You have %d uploads."):format(open))
    end
    local id = files.create(ctx.subject.key, ctx.body.name or "", ctx.body.size, KEPT)
    local key = thing.crypto.random(16):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
    db.rows([[insert into upload (file_id, key, sha256, part_size)
        values ($1, $2, decode($3, 'hex'), $4)]], id, key, ctx.body.sha256, part_size())
    local doc = db.row(FIND, key, ctx.subject.key).doc
    ctx:audit { target = key, after = doc }
    return reply.json(doc, 201, { location = "/api/v1/uploads/" .. key })
end

-- The part is on disk before its row says so.
local function put(ctx)
    local upload = find(ctx)
    local number = math.tointeger(tonumber(ctx.params.part)) or problem.raise("not_found")
    local from = (number - 1) * upload.part_size
    if number < 1 or from >= upload.bytes then
        problem.raise("not_found", "The upload has no such part.")
    elseif upload.ready then
        problem.raise("conflict", "The upload is finished.")
    end
    local size = math.min(upload.part_size, upload.bytes - from)
    if ctx.body_size ~= size then
        problem.raise("conflict", ("Part %d has %d bytes, not %d."):format(number, size,
            ctx.body_size))
    end
    files.write_body(ctx, upload.name, from)
    db.rows("insert into upload_part (file_id, number) values ($1, $2) on conflict do nothing",
        upload.file_id, number)
    return reply.empty()
end

local function finish(ctx)
    local upload = find(ctx)
    local parts = #jsonio.decode(upload.doc).parts
    if not upload.ready then
        if parts < (upload.bytes + upload.part_size - 1) // upload.part_size then
            problem.raise("upload_incomplete", "Parts are missing; GET says which are there.")
        end
        local digest, size = files.sha256(upload.name)
        if size ~= upload.bytes or digest ~= upload.sha256 then
            problem.raise("conflict", "The SHA-256 of what came is another one.")
        end
        db.rows("update upload set ready_at = now() where file_id = $1 and ready_at is null",
            upload.file_id)
    end
    return reply.json(find(ctx).doc)
end

local function list(ctx)
    local docs = {}
    for i, row in ipairs(db.rows("select " .. DOCUMENT .. " as doc from " .. FROM
        .. " where f.owner = $1 and f.expires_at > now() order by f.id desc limit 100",
        ctx.subject.key)) do
        docs[i] = row.doc
    end
    return reply.list(docs)
end

-- An open job goes on with it: then it goes when the job is over.
local function delete(ctx)
    local upload = find(ctx)
    db.rows("update stored_file set expires_at = now() where id = $1", upload.file_id)
    files.sweep()
    ctx:audit { target = ctx.params.upload, before = upload.doc }
    return reply.empty()
end

return {
    name = "uploads", levels = { read = "integrator", create = "integrator" },
    routes = {
        {
            method = "GET", path = "/uploads", action = "read", id = "uploads.list",
            summary = "One's own uploads, newest first", answers = { [200] = { list = UPLOAD } },
            run = list,
        },
        {
            method = "POST", path = "/uploads", action = "create", id = "uploads.create",
            summary = "Begin an upload; the answer says how its parts are sent",
            write = true, idempotent = true, body = CREATE,
            answers = { [201] = { schema = UPLOAD } }, run = create,
        },
        {
            method = "GET", path = "/uploads/{upload}", action = "read", id = "uploads.get",
            summary = "Read an upload: which parts are there",
            answers = { [200] = { schema = UPLOAD } },
            run = function(ctx) return reply.json(find(ctx).doc) end,
        },
        {
            method = "PUT", path = "/uploads/{upload}/parts/{part}", action = "create",
            id = "uploads.put", summary = "Send one part; doing so again changes nothing",
            raw = { "application/octet-stream" }, answers = { [204] = {} }, run = put,
        },
        {
            method = "POST", path = "/uploads/{upload}/finish", action = "create",
            id = "uploads.finish",
            summary = "All parts are there: check size and SHA-256, and make it usable",
            answers = { [200] = { schema = UPLOAD } }, run = finish,
        },
        {
            method = "DELETE", path = "/uploads/{upload}", action = "create", id = "uploads.delete",
            summary = "Delete an upload", write = true, answers = { [204] = {} }, run = delete,
        },
    },
}
