-- SPDX-License-Identifier: Apache-2.0
local out = require "thing.cli.out"
local session = require "thing.cli.session"

return {
    name = "password", summary = "Change your password",
    text = "Asks for the old and the new one. Ends all your other sessions; API tokens stay.",
    options = {
        { "user", "USER", "Whose; else asked for" },
        { "reset-token", "TOKEN", "In place of user and old password: what `thingd user reset` "
            .. "printed" },
    },
    run = function(c)
        local o = c.options
        local connection = session.anonymous(o)
        if o.reset_token then
            connection:request("POST", "/session/reset",
                { body = { token = o.reset_token, password = session.ask_new_password() } })
        else
            local s = session.sign_in(connection, o.user)
            s:change_password(session.ask_new_password())
            s:finish()
        end
        out.line("the password is changed")
    end,
}
