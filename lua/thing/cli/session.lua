-- SPDX-License-Identifier: Apache-2.0
--
-- Signing in as a person, for as long as one command takes. Passwords are asked for, or read line
-- by line from standard input when that is no terminal; they are kept nowhere.
local client = require "thing.cli.client"
local fail = require "thing.cli.fail"
local out = require "thing.cli.out"

local M = {}

function M.ask(question, hidden)
    local line
    if thing.host.is_terminal(0) then
        out.flush()
        line = thing.host.prompt(question, hidden)
    else
        line = io.read("l")
    end
    if not line or line == "" then
        fail.raise(fail.FAILED, "nothing was given")
    end
    return line
end

-- Twice on a terminal, since it is not seen.
function M.ask_new_password()
    local password = M.ask("New password: ", true)
    if thing.host.is_terminal(0) and M.ask("The same again: ", true) ~= password then
        fail.raise(fail.FAILED, "the two are not the same")
    end
    return password
end

-- A connection that shows no token.
function M.anonymous(options)
    local connection = client.new(options, true)
    connection.token = nil
    return connection
end

local function take(session, answer)
    local value = client.value(answer)
    session.cookie = (answer.headers["set-cookie"] or ""):match("__Host%-thingd=([^;\n]*)")
        or session.cookie
    session.csrf, session.must_change = value.csrf_token, value.must_change_password
    if not session.cookie or type(session.csrf) ~= "string" then
        fail.raise(fail.FAILED, "the server's answer holds no session")
    end
end

local Session = {}
Session.__index = Session

function Session:request(method, path, o)
    o = o or {}
    o.headers = { "Cookie: __Host-thingd=" .. self.cookie, "X-CSRF-Token: " .. self.csrf }
    return self.connection:request(method, path, o)
end

function Session:change_password(password)
    take(self, self:request("POST", "/session/password",
        { body = { current = self.password, password = password } }))
    self.password = password
end

function Session:finish()
    self:request("DELETE", "/session")
end

-- Asks for what is not known yet. The session ends with finish().
function M.sign_in(connection, user)
    user = user or M.ask("User: ")
    local session = setmetatable({ connection = connection, user = user,
        password = M.ask("Password: ", true) }, Session)
    local body = { account = user, password = session.password }
    local answer = connection:request("POST", "/session",
        { body = body, accept = { [401] = true } })
    if answer.status == 401 and client.value(answer).code == "second_factor_required" then
        body.code = M.ask("Code of the second factor: ")
        answer = connection:request("POST", "/session", { body = body })
    elseif answer.status == 401 then
        connection:refused(answer)
    end
    take(session, answer)
    return session
end

return M
