-- SPDX-License-Identifier: Apache-2.0
--
-- Called as on_auth is, with two keys that must not come out and a password that is none of them.
local M = { api = 1, kind = "auth", expect = {
    default = "ok", loop = "cpu", guess = "cpu", flood = "cpu", answer_text = "error: on_auth returns",
    answer_number = "error: on_auth returns", store = "error: is not available in phase auth",
    send = "error: is not available in phase auth", kv = "error: is not available in phase auth",
    later = "error: is not available in phase auth", wait = "error", huge = "error|memory|cpu",
} }

-- What is said of the client, whole.
function M.nothing_secret(client, device)
    local said = {}
    for _, t in ipairs { client, device, thing.auth } do
        for k, v in pairs(t) do
            said[#said + 1] = tostring(k) .. "=" .. (type(v) == "function" and "" or tostring(v))
        end
    end
    assert(not table.concat(said, ","):find("secret"), "a key is shown")
    assert(client.password == "guess" and client.keys == nil and getmetatable(client) == nil)
    return false, "no"
end

function M.questions()
    assert(thing.auth.key_is("first secret") and thing.auth.key_is("second secret"))
    for _, text in ipairs { "", "first", "first secre", "first secret\0", "FIRST SECRET", "guess" } do
        assert(not thing.auth.key_is(text), text)
    end
    assert(thing.auth.hmac_is("sha1", "x", thing.hmac.sha1("second secret", "x")))
    assert(not thing.auth.hmac_is("sha1", "x", thing.hmac.sha1("guess", "x")))
    for _, hex in ipairs { "", "zz", "00", ("0"):rep(64), ("g"):rep(64), ("0"):rep(65) } do
        assert(not thing.auth.hmac_is("sha256", "x", hex), hex)
    end
    for _, name in ipairs { "none", "", "sha512", "SHA256", "\0" } do
        assert(not pcall(thing.auth.hmac_is, name, "x", "00"), name)
    end
end

function M.errors_tell_nothing()
    for _, args in ipairs { {}, { {} }, { "sha256" }, { "sha256", {}, "" }, { "sha256", "x", {} } } do
        local _, e = pcall(thing.auth.hmac_is, table.unpack(args))
        assert(not tostring(e):find("secret"))
    end
    assert(not tostring(select(2, pcall(thing.auth.key_is, {}))):find("secret"))
end

function M.read_only()
    assert(not pcall(function() thing.auth.key_is = function() return true end end))
    assert(not pcall(rawset, thing.auth, "key_is", print) or not thing.auth.key_is("guess"))
end

function M.loop()
    while true do end
end

function M.guess()
    for i = 1, math.maxinteger do
        if thing.auth.key_is("first " .. i) then return true end
    end
end

function M.flood()
    local data = ("x"):rep(100000)
    while true do thing.auth.hmac_is("md5", data, ("0"):rep(32)) end
end

function M.huge()
    thing.auth.hmac_is("sha256", ("x"):rep(1 << 24), ("0"):rep(64))
end

function M.answer_text() return "yes" end
function M.answer_number() return 1 end

function M.long_reason()
    return false, ("x"):rep(100000)
end

function M.store() thing.store({ a = 1 }) end
function M.send() thing.send("down", "x") end
function M.kv() thing.kv.set("a", 1) end
function M.later() thing.later("questions") end

function M.wait()
    thing.http({ url = "http://192.0.2.1/" })
end

return M
