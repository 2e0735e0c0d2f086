-- SPDX-License-Identifier: Apache-2.0
--
-- Scripts of products as files: the door for people with an editor, Git and CI. What a folder holds
-- stands in thing.cli.script.folder.
local check = require "thing.cli.script.check"
local live = require "thing.cli.script.live"
local new = require "thing.cli.script.new"
local versions = require "thing.cli.script.versions"
local watch = require "thing.cli.script.watch"

local DIR = { "DIR", "Folder of the script" }
local DIRS = { "DIR", "Folder of a script, or one file", many = true }
local PRODUCT = { "product", "KEY", "Product; else the one that product.json names" }
local CONFIG = { "config", "FILE", "Configuration with other limits" }
local NOTE = { "note", "TEXT", "What people should know of the version" }

return {
    name = "lua", summary = "Product scripts as files: test, push, pull, watch",
    commands = {
        {
            name = "new", summary = "Make the folder of a new script", args = { DIR },
            options = { { "product", "KEY", "Product; else the folder's name" } },
            examples = { { "thingd lua new greenhouse" } }, run = new.run,
        },
        {
            name = "lint", summary = "Look through scripts without running them; needs no server",
            text = "Ends with status 1 when there is anything to look at. A line that ends with "
                .. "`-- lint: ignore` is left alone.",
            args = { DIRS }, run = check.lint,
        },
        {
            name = "test", summary = "Run the tests of scripts; needs no server",
            text = "Loads each script with the limits of live ones and runs its `tests` and those "
                .. "in tests/*.json beside it. Warnings of the lint are shown.",
            args = { DIRS }, options = { CONFIG }, run = check.test,
        },
        {
            name = "push", summary = "Keep a folder as the product's next version",
            text = "The server loads it and runs its tests and those in tests/*.json first. "
                .. "Refuses (status 5) when the server's newest version is not "
                .. "the one that was pulled or pushed here before.",
            args = { { "DIR", "Folder of a script, or one file" } },
            options = {
                PRODUCT, NOTE,
                { "activate", false, "Put it in force" },
                { "canary", "WHOM", "For some first: 10%, tag:NAME, group:KEY, or keys of devices "
                    .. "with commas" },
                { "force", false, "Go over a version that was not pulled" },
            },
            examples = { { "thingd lua push greenhouse --note 'mend the sign' --activate" } },
            run = versions.push,
        },
        {
            name = "pull", summary = "Write the version in force into a folder", args = { DIR },
            text = "Refuses (status 5) to throw away changes that the server does not have.",
            options = {
                { "product", "KEY", "Product; else the one of product.json, or the folder's name" },
                { "version", "N", "Another version than the one in force", integer = true },
                { "force", false, "Throw away what was changed here" },
            },
            run = versions.pull,
        },
        {
            name = "log", summary = "Follow what a product's script logs",
            args = { { "DIR", "Folder of the script", optional = true } },
            options = {
                PRODUCT,
                { "device", "KEY", "Lines of this device only" },
                { "level", "LEVEL", "At least so grave",
                    choices = { "debug", "info", "warn", "error" } },
                { "limit", "N", "So many of those before, at most", integer = true, default = 20 },
                { "once", false, "Show what there is, and end" },
            },
            run = live.log,
        },
        {
            name = "replay", summary = "Show what a folder makes of messages that came in",
            text = "The product's last reports, and the messages that its script failed at, go "
                .. "through the folder's script on the server; nothing is stored. Shown is what "
                .. "differs from what was stored. Ends with status 1 when the script fails.",
            args = { DIR },
            options = {
                PRODUCT,
                { "last", "N", "So many messages, up to 20; 10 unless said otherwise",
                    integer = true },
                { "device", "KEY", "Messages of this device only" },
                { "letters", false, "Dead letters only" },
                { "letter", "ID", "This dead letter", integer = true },
            },
            run = live.replay,
        },
        {
            name = "watch", summary = "Put a folder in force whenever a file is saved",
            text = "For work on a script: what does not load or fails its tests is shown, and the "
                .. "version in force goes on.",
            args = { DIR }, options = { PRODUCT, NOTE }, run = watch.run,
        },
        {
            name = "stubs", summary = "Print what scripts may call, for lua-language-server",
            options = { { "out", "FILE", "Write it there" } }, run = new.stubs,
        },
        {
            name = "manual", summary = "Print the manual of what scripts may call, as Markdown",
            options = false, run = new.manual,
        },
    },
}
