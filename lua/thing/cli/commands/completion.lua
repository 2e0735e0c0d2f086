-- SPDX-License-Identifier: Apache-2.0
local complete = require "thing.cli.complete"
local out = require "thing.cli.out"

local function script(shell, how)
    return {
        name = shell, summary = "For " .. shell .. ": " .. how, alone = true,
        run = function() out.put(complete.SCRIPTS[shell]) end,
    }
end

-- root and common: of thing.cli, which this is a part of.
return function(root, common)
    return {
        name = "completion", summary = "Completion of command lines, as a script for your shell",
        commands = {
            script("bash", "source <(thingd completion bash)"),
            script("zsh", "source <(thingd completion zsh)"),
            script("fish", "thingd completion fish | source"),
            {
                name = "words", alone = true,
                summary = "What may stand at the end of a line: asked by those scripts",
                args = { { "WORD", "The words so far behind --, the last being typed",
                    many = true, optional = true, empty = true } },
                run = function(c)
                    for _, found in ipairs(complete.candidates(root(), common, c.args.WORD)) do
                        out.line(found[1], "\t", found[2])
                    end
                end,
            },
        },
    }
end
