-- SPDX-License-Identifier: Apache-2.0
--
-- The programs in C: what runs the server and what is done beside it. They read the server's
-- configuration and parse their own arguments; here stands what help and completion say of them.
local CONFIG = { "config", "FILE", "Configuration file; every key is also an environment variable" }

local M = {
    { name = "serve", summary = "Run the server", options = { CONFIG } },
    { name = "migrate", options = { CONFIG },
        summary = "Bring the database up to this version; makes the master key on first use" },
    { name = "check-config", summary = "Print the configuration in force",
        options = { CONFIG,
            { "sample", false, "Instead: every key explained, with its default" } } },
    { name = "broker-config", summary = "Write the broker's configuration",
        options = { { "out", "FOLDER", "Where to" }, CONFIG } },
    { name = "doctor", options = { CONFIG },
        summary = "Look at all that a running system needs and say what is wrong" },
    { name = "sim", summary = "Simulated devices: some that look alive, or many that load",
        own_help = true, words = { "demo", "load" } },
}

for _, program in ipairs(M) do
    program.alone = true
end

return M
