-- SPDX-License-Identifier: Apache-2.0
local cjson = require "cjson"
local notifier = require "tests.lua.notifier"

describe("notify/mail", function()
    local mail, world

    before_each(function()
        mail, world = notifier.load("mail")
        world.post = function() return true end
    end)

    it("takes the configs that make sense", function()
        assert.same({}, notifier.errors(mail, { to = { "a@example.com" }, prefix = "[x]" }))
        for path, conf in pairs {
            ["/to"] = {}, ["/to/0"] = { to = { "nobody" } }, ["/prefix"] = { prefix = 1,
                to = { "a@example.com" } }, ["/to/1"] = { to = { "a@b.cd", "a@b.cd" } },
            ["/other"] = { to = { "a@b.cd" }, other = 1 },
        } do
            assert.same({ path }, notifier.errors(mail, conf))
        end
    end)

    it("asks for no host", function()
        assert.same({}, mail.hosts)
    end)

    it("writes a letter to each, under the notification's id", function()
        local conf = { to = { "a@example.com", "b@example.com" }, prefix = "[hall]" }
        assert.is_true(mail.send(conf, notifier.notification()))
        assert.equal(2, #world.letters)
        local letter = world.letters[2]
        assert.equal("b@example.com", letter.to)
        assert.equal("0123456789abcdef", letter.id)
        assert.equal("[hall] [critical] hot", letter.subject)
        assert.equal("hot\n\n97 °C\n\nSeverity: critical\nDevice: p1 (pump)\nTime: <1500>\n"
            .. 'Data: {"n":1}\n', letter.text)
    end)

    it("leaves out what there is not, and keeps a subject on its line", function()
        local n = notifier.notification { title = "a\r\nb", text = "", severity = "info",
            data = cjson.null }
        n.device, n.product = nil, nil
        mail.send({ to = { "a@example.com" } }, n)
        assert.equal("a  b", world.letters[1].subject)
        assert.equal("a\r\nb\n\nSeverity: info\nTime: <1500>\n", world.letters[1].text)
    end)

    it("fails when a letter is not taken, and says whose", function()
        world.post = function(letter)
            if letter.to == "b@example.com" then
                return nil, "550 no such user", "invalid"
            end
            return true
        end
        local sent, why = mail.send({ to = { "a@example.com", "b@example.com", "c@example.com" } },
            notifier.notification())
        assert.is_nil(sent)
        assert.equal("b@example.com: 550 no such user", why)
        assert.equal(2, #world.letters)
    end)
end)
