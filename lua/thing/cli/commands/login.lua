-- SPDX-License-Identifier: Apache-2.0
--
-- A token in the profile, so that commands need neither --server nor --token.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"
local profile = require "thing.cli.profile"
local session = require "thing.cli.session"

-- From most to least: without --role the token gets the most that the account may hand out.
local ROLES = { "admin", "integrator", "operator", "viewer" }

-- Plain HTTP within this machine is nobody else's to read.
local function is_open(server)
    local host = server:match("^http://(.-):?%d*$")
    return host and host ~= "localhost" and host ~= "[::1]" and not host:find("^127%.")
end

local function host_name()
    local f = io.open("/proc/sys/kernel/hostname")
    local name = f and f:read("l")
    if f then
        f:close()
    end
    return name or "somewhere"
end

local function make_token(s, o)
    local body = { name = ("login of %s at %s"):format(s.user, host_name()):sub(1, 200),
        expires_at = os.date("!%Y-%m-%dT%H:%M:%SZ",
            thing.host.now() // 1000 + o.days * 86400) }
    local answer
    for _, role in ipairs(o.role and { o.role } or ROLES) do
        body.role = role
        answer = s:request("POST", "/tokens", { body = body, accept = { [403] = true } })
        if answer.status ~= 403 then
            return client.value(answer)
        end
    end
    s:finish()
    fail.raise(fail.NOT_ALLOWED, ("%s may not make such a token: %s"):format(s.user,
        client.value(answer).detail or "forbidden"),
        "Ask an administrator for one, and keep it by: thingd login --with-token")
end

local function by_password(connection, o)
    local s = session.sign_in(connection, o.user)
    if s.must_change then
        out.note("thingd: this password was given to you: choose one of your own")
        s:change_password(session.ask_new_password())
    end
    local made = make_token(s, o)
    s:finish()
    return made.token, made.id, s.user
end

local function by_token(connection)
    connection.token = session.ask("API token: ", true):match("^%s*(%S+)%s*$")
    if not connection.token then
        fail.raise(fail.FAILED, "this is no token")
    end
    local who = client.value(connection:request("GET", "/session"))
    return connection.token, nil, who.name
end

local function run(c)
    local o = c.options
    if o.token then
        c:usage("a token is asked for: --with-token")
    elseif o.days < 1 or o.days > 3650 then
        c:usage("--days is from 1 to 3650")
    end
    local connection = session.anonymous(o)
    if is_open(connection.server) then
        out.note("thingd: over http:// password and token travel where others can read them")
    end
    local get = o.with_token and by_token or by_password
    local token, id, name = get(connection, o)
    local path = profile.keep(connection.profile, { server = connection.server, token = token,
        token_id = id, ca = connection.ca })
    out.line(("signed in to %s as %s; the token is kept in %s"):format(connection.server, name,
        path))
end

return {
    name = "login", summary = "Sign in and keep a token for the commands to come",
    text = "Asks for user and password, makes an API token, and keeps server and token in a file "
        .. "of yours alone (~/.config/thingd/cli.json). The password is kept nowhere. Where "
        .. "standard input is no terminal, the answers are read from it, a line each.",
    options = {
        { "user", "USER", "Who; else asked for" },
        { "with-token", false, "Keep a token that you were given, in place of making one" },
        { "role", "ROLE", "What the token may do; else the most that you may" },
        { "days", "N", "How long it is good", integer = true, default = 30 },
    },
    examples = { { "thingd login --server https://things.example.com" },
        { "thingd login --profile test --server http://127.0.0.1:8080 --with-token" } },
    run = run,
}
