-- SPDX-License-Identifier: Apache-2.0
local call = require "thing.cli.call"
local client = require "thing.cli.client"
local device = require "thing.cli.device"
local fail = require "thing.cli.fail"
local text = require "thing.cli.text"
local values = require "thing.cli.values"

local PATH = device.PATH .. "/commands"

local ID = { "COMMAND", "Its id, as listed" }

local ORDER = { "id", "name", "params", "state", "code", "data", "source", "attempts", "created_at",
    "sent_at", "finished_at", "expires_at" }

local STATES = { "queued", "sent", "succeeded", "failed", "expired", "canceled" }

local COLUMNS = {
    { "ID", "id" }, { "COMMAND", "name" }, { "PARAMS", "params" }, { "STATE", "state" },
    { "CODE", "code" }, { "CREATED", "created_at", show = text.time },
    { "FINISHED", "finished_at", show = text.time },
}

local LONGEST_LOOK_MS = 1000

-- Looks, at first often, until the command is over. Returns the answer and the state.
local function wait(c, at, seconds)
    local deadline, pause = thing.host.now() + seconds * 1000, 50
    while true do
        local answer = c:request("GET", PATH .. "/{command}", { with = at, patient = true })
        local state = client.value(answer).state
        if state ~= "queued" and state ~= "sent" then
            return answer, state
        elseif thing.host.now() >= deadline then
            fail.raise(fail.NO_ANSWER, ("the device has not answered within %d s; command %s is %s")
                :format(seconds, at.command, state), ("Look again: thingd command show %s/%s %s")
                :format(at.product, at.device, at.command))
        end
        thing.host.sleep(math.min(pause, math.max(deadline - thing.host.now(), 1)))
        pause = math.min(pause * 2, LONGEST_LOOK_MS)
    end
end

local function params_of(c)
    local o = c.options
    if o.params and #c.args.VALUE > 0 then
        c:usage("either NAME=VALUE or --params")
    elseif o.params then
        return values.json(o.params, "--params")
    elseif #c.args.VALUE == 0 and not o.name then
        c:usage("nothing to set was given: NAME=VALUE or --params JSON")
    end
    return values.pairs(c.args.VALUE)
end

local function send(c)
    local o = c.options
    local params = params_of(c)
    if o.timeout and not o.wait then
        c:usage("--timeout goes with --wait")
    elseif o.once and not o.once:find("^[!-~]+$") then
        c:usage("--once takes letters, digits and signs without blanks")
    end
    local at = device.find(c)
    local answer = c:request("POST", PATH, { with = at,
        body = { name = o.name, params = params, ttl_seconds = o.ttl },
        headers = { o.once and "Idempotency-Key: " .. o.once } })
    local state
    if o.wait then
        at.command = ("%d"):format(client.value(answer).id)
        answer, state = wait(c, at, o.timeout or 30)
    end
    c:show(answer, ORDER)
    return state and state ~= "succeeded" and fail.FAILED or nil
end

return {
    name = "command", summary = "Commands to devices",
    commands = {
        {
            name = "send", summary = "Send a command: set properties, or call a service",
            text = "The command waits for the device as long as --ttl says. With --wait its end is "
                .. "waited for, and the exit status is 0 only when the device has carried it out.",
            args = { device.ARG,
                { "VALUE", "What to set, as NAME=VALUE", many = true, optional = true } },
            options = {
                { "name", "SERVICE", "Call this service with the values" },
                { "params", "JSON", "The values as JSON, @FILE or - for standard input" },
                { "ttl", "SECONDS", "Give it up when it was not carried out by then",
                    integer = true },
                { "wait", false, "Until the device has answered" },
                { "timeout", "SECONDS", "With --wait: the longest wait; 30 unless said otherwise",
                    integer = true },
                { "once", "KEY", "Sent again with the same key within a day, nothing is sent" },
            },
            examples = {
                { "thingd command send air-1 fan_speed=3 --wait" },
                { "thingd command send air-1 --name calibrate --params '{\"gas\":\"co2\"}'" },
            },
            run = send,
        },
        {
            name = "list", summary = "List a device's commands, newest first",
            args = { device.ARG },
            options = call.options({
                { "state", "STATE", "In this state", choices = STATES, repeated = true,
                    query = "state" },
                { "name", "SERVICE", "Of this service, or property", query = "name" },
            }, call.LIST),
            run = function(c) c:list(PATH, { with = device.find(c), columns = COLUMNS }) end,
        },
        {
            name = "show", summary = "Show a command and its result", args = { device.ARG, ID },
            run = function(c)
                c:show(c:request("GET", PATH .. "/{command}", { with = device.find(c) }), ORDER)
            end,
        },
        {
            name = "cancel", summary = "Cancel a command that is not over",
            args = { device.ARG, ID },
            run = function(c)
                c:done(c:request("POST", PATH .. "/{command}/cancel", { with = device.find(c) }),
                    "canceled command " .. c.args.COMMAND)
            end,
        },
    },
}
