-- SPDX-License-Identifier: Apache-2.0
--
-- `thingd lua watch`: save a file, and the next message runs it. What does not load or fails its
-- tests is shown and changes nothing; the version in force goes on.
local check = require "thing.cli.script.check"
local diff = require "thing.cli.script.diff"
local fail = require "thing.cli.fail"
local folder = require "thing.cli.script.folder"
local out = require "thing.cli.out"
local text = require "thing.cli.text"
local versions = require "thing.cli.script.versions"

local M = {}

local AGAIN_MS = 2000

local function say(colour, lines)
    for line in lines:gmatch("[^\n]+") do
        out.line(out.paint(colour, text.clean(line)))
    end
    out.flush()
end

-- Reads the folder and, when it says something new, puts it in force. known: the files as they
-- were seen last. Returns the files seen now. What does not load is refused by the server, which
-- also says so in the product's live log.
local function turn(c, product, seen)
    local script = folder.read(c.args.DIR)
    local files = folder.files(script)
    files["tests"] = folder.tests_json(script)
    if seen.files and #diff.files(seen.files, files) == 0 then
        return
    end
    seen.files = files
    local version = versions.newest(c, product)
    local same = version and versions.same(versions.get(c, product, version.number), script)
    if same and version.active then
        return
    elseif not same then
        version = versions.create(c, product, script)
    end
    versions.put_in_force(c, product, version.number)
    if script.folder then
        folder.remember(script.path, product, version)
    end
    for _, w in ipairs(check.warnings(script)) do
        say("bold", "warning: " .. check.line(w))
    end
    say("green", ("%s: version %d of %s is in force"):format(c.args.DIR, version.number, product))
end

-- What goes wrong is said, once. A mistake waits for the next save; what is not the files' fault,
-- a server that is away say, is tried again. Returns after how many ms, nil for the former.
local function try(c, product, seen)
    local ok, e = pcall(turn, c, product, seen)
    if not ok and not fail.is(e) then
        error(e, 0)
    end
    local message = not ok and e.message .. (e.hint and "\n" .. e.hint or "") or nil
    if message and message ~= seen.message then
        say("red", message)
    end
    seen.message = message
    if ok or e.status == fail.NOT_VALID then
        return nil
    end
    seen.files = nil
    return AGAIN_MS
end

function M.run(c)
    local product = versions.product(c, folder.read(c.args.DIR))
    local wait, why = thing.host.watch(c.args.DIR)
    if not wait then
        fail.raise(fail.FAILED, why)
    end
    say("bold", ("watching %s for product %s"):format(c.args.DIR, product))
    local seen = {}
    while true do
        wait(try(c, product, seen))
    end
end

return M
