-- SPDX-License-Identifier: Apache-2.0
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"
local profile = require "thing.cli.profile"

return {
    name = "logout", summary = "Forget the token that `thingd login` kept",
    run = function(c)
        local name = c.options.profile or os.getenv("THINGD_PROFILE") or "default"
        local known = profile.all()[name]
        if not known then
            fail.raise(fail.NOT_FOUND, ("there is no profile %q"):format(name))
        end
        profile.keep(name, nil)
        out.line(("forgot the token for %s"):format(known.server))
        if known.token_id then
            out.flush()
            out.note(("thingd: it stays good until its end, unless somebody revokes it: "
                .. "thingd token revoke %d"):format(known.token_id))
        end
    end,
}
