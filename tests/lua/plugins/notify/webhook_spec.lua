-- SPDX-License-Identifier: Apache-2.0
local notifier = require "tests.lua.notifier"

local URL = "https://example.com/hook"

describe("notify/webhook", function()
    local webhook, world

    before_each(function()
        webhook, world = notifier.load("webhook")
        world.answer = function() return { status = 204, headers = {}, body = "" } end
    end)

    it("takes the configs that make sense", function()
        for _, conf in ipairs {
            { url = URL }, { url = "http://[::1]:8080/", method = "PUT" },
            { url = URL, headers = { ["X-Team"] = "night" }, authorization = "Bearer x",
                signing_key = "whsec_abcdefgh" },
        } do
            assert.same({}, notifier.errors(webhook, conf))
        end
        for path, conf in pairs {
            ["/url"] = { url = "https://user:pass@example.com/" }, ["/method"] = { url = URL,
                method = "GET" },
            ["/headers/a b"] = { url = URL, headers = { ["a b"] = "x" } },
            ["/headers/a"] = { url = URL, headers = { a = "x\r\ny: z" } },
            ["/signing_key"] = { url = URL, signing_key = "short" }, ["/other"] = { url = URL,
                other = 1 },
        } do
            assert.same({ path }, notifier.errors(webhook, conf))
        end
        assert.same({ "/url" }, notifier.errors(webhook, {}))
    end)

    it("names the host of its URL and no other", function()
        for url, host in pairs { [URL] = "example.com", ["http://[::1]:81/x"] = "[::1]:81",
            ["https://a.example:8443?x=/b"] = "a.example:8443",
            ["https://a.example#@b"] = "a.example" } do
            assert.same({ host }, webhook.hosts { url = url })
        end
        assert.same({}, webhook.hosts {})
    end)

    it("sends the notification as it was kept, under its id", function()
        assert.is_true(webhook.send({ url = URL }, notifier.notification()))
        local request = world.requests[1]
        assert.equal("POST", request.method)
        assert.equal('{"id":"0123456789abcdef","channel":"night","product":"pump","device":"p1",'
            .. '"time":"<1500>","test":false,"title":"hot","text":"97 °C","severity":"critical",'
            .. '"data":{"n":1}}', request.body)
        assert.same({ ["content-type"] = "application/json",
            ["idempotency-key"] = "0123456789abcdef" }, request.headers)
    end)

    it("has no device in a test", function()
        local n = notifier.notification { test = true }
        n.product, n.device = nil, nil
        webhook.send({ url = URL, method = "PUT" }, n)
        assert.equal("PUT", world.requests[1].method)
        assert.truthy(world.requests[1].body:find('"product":null,"device":null,"time":"<1500>",'
            .. '"test":true', 1, true))
    end)

    it("sends its headers, none of which can stand for its own", function()
        webhook.send({ url = URL, authorization = "Bearer x", headers = { ["X-Team"] = "night" } },
            notifier.notification())
        assert.equal("Bearer x", world.requests[1].headers.authorization)
        assert.equal("night", world.requests[1].headers["X-Team"])
    end)

    it("signs id, time and body", function()
        for key, raw in pairs { ["plain text"] = "plain text", whsec_abc = "raw abc",
            ["whsec_!"] = "whsec_!" } do
            webhook.send({ url = URL, signing_key = key }, notifier.notification())
            local request = world.requests[#world.requests]
            local signed = "0123456789abcdef.1700000000." .. request.body
            assert.equal(("v1,base64(hmac(%s,%s,true))"):format(raw, signed),
                request.headers["webhook-signature"])
            assert.equal("1700000000", request.headers["webhook-timestamp"])
            assert.equal("0123456789abcdef", request.headers["webhook-id"])
        end
    end)

    it("fails when nobody answers, and with any answer but 2xx", function()
        world.answer = function() return nil, "no answer in time", "timeout" end
        assert.same({ nil, "no answer in time" },
            { webhook.send({ url = URL }, notifier.notification()) })
        for status, wait in pairs { [500] = false, [404] = false, [302] = false, [429] = 30 } do
            world.answer = function()
                return { status = status, body = "secrets of the receiver",
                    headers = { ["retry-after"] = wait and tostring(wait) or nil } }
            end
            local sent, why, seconds = webhook.send({ url = URL }, notifier.notification())
            assert.is_nil(sent)
            assert.equal("the receiver answered " .. status, why)
            assert.equal(wait or nil, seconds)
        end
    end)
end)
