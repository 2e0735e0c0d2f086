-- SPDX-License-Identifier: Apache-2.0
--
-- Ways back in for a password that is lost: a token that sets a new one, once. An administrator
-- makes one, or the person asks for it and gets it by mail. Only its hash is kept; every change of
-- the password, the mail address or of whether the account is enabled ends it.
--
-- A letter is tried for a minute and then given up: who does not get it asks again, so it is no
-- durable row. Between two letters to one account lie ten minutes, and the link of the first works
-- meanwhile, so that asking in somebody's name neither floods their mailbox nor ends their link.
local audit = require "api.mw.audit"
local db = require "thing.db"
local page = require "thing.page"
local settings = require "api.settings"

local M = {}

local MAIL_MINUTES, PAUSE_MINUTES, HAND_MINUTES = 30, 10, 1440
local ATTEMPTS = 4
local ACCOUNTS_MAX = 5 -- with one mail address

-- Mail can be sent and knows where to lead.
function M.by_mail()
    return thing.mail.configured() and thing.conf("http.public_url") ~= ""
end

-- Forgets what was handed out.
function M.forget(account_id)
    db.rows("delete from account_reset where account_id = $1", account_id)
end

local MAKE = [[insert into account_reset (hash, account_id, expires_at, mailed)
    values ($1, $2, now() + $3 * interval '1 minute', $4) returning th_rfc3339(expires_at) as v]]

local function make(account_id, minutes, mailed)
    local token = thing.crypto.token()
    local expires = db.value(MAKE, db.bytes(thing.crypto.token_hash(token)), account_id, minutes,
        mailed)
    return token, expires
end

-- For an administrator, in place of what was handed out before. Returns the token and its end.
function M.make(account_id)
    M.forget(account_id)
    return make(account_id, HAND_MINUTES, false)
end

-- The account { id, key } whose token this is, which is gone then; or nil.
function M.redeem(token)
    return db.row([[delete from account_reset r using account a where r.hash = $1
        and r.expires_at > now() and a.id = r.account_id and a.enabled returning a.id, a.key]],
        db.bytes(thing.crypto.token_hash(token)))
end

local TEXTS = {
    en = {
        subject = "%s: set a new password",
        hello = "Somebody asked for a new password for the account %s.",
        button = "Set a new password",
        ending = "The link works once, for %s. If it was not you, do nothing: the password stays.",
        mail = "30 minutes", hand = "a day",
    },
    zh = {
        subject = "%s：设置新密码",
        hello = "有人为账户 %s 申请了新密码。",
        button = "设置新密码",
        ending = "此链接仅可使用一次，%s内有效。若非本人操作，请忽略本邮件：密码不会改变。",
        mail = "30 分钟", hand = "一天",
    },
}
M.LANGUAGES = { "en", "zh" }

-- The token stands behind '#', which browsers keep to themselves: no log and no Referer has it.
local function letter(account, token, language, span)
    local t, site = TEXTS[language] or TEXTS.en, settings.get("site_name")
    local link = thing.conf("http.public_url"):gsub("/+$", "") .. "/reset#" .. token
    local hello, ending = t.hello:format(account.key), t.ending:format(t[span])
    return {
        to = account.email, subject = t.subject:format(site ~= "" and site or "thingd"),
        text = hello .. "\n\n" .. t.button .. ":\n" .. link .. "\n\n" .. ending .. "\n",
        html = ('<!doctype html><html lang="%s"><meta charset="utf-8"><p>%s<p><a href="%s">%s</a>'
            .. "<p>%s</html>"):format(TEXTS[language] and language or "en", page.escape(hello),
            page.escape(link), page.escape(t.button), page.escape(ending)),
    }
end

-- Sends a token that an administrator made. Returns whether it went; or nil, reason.
function M.send(account, token)
    return thing.mail.send(letter(account, token, nil, "hand"))
end

local CANDIDATES = [[select a.id, a.key, a.email from account a where (a.key = $1
    or lower(a.email) = $1) and a.email <> '' and a.enabled and a.password is not null
    order by a.key limit $2]]

local RECENT = [[select 1 as v from account_reset where account_id = $1 and mailed
    and created_at > now() - $2 * interval '1 minute']]

local function send_one(ctx, account, language)
    local token = db.tx(function()
        db.rows("select 1 as v from account where id = $1 for update", account.id)
        if db.row(RECENT, account.id, PAUSE_MINUTES) then
            return nil
        end
        audit.write(ctx, { subject = { kind = "system", name = "stranger" },
            action = "session:reset_request", target = account.key })
        return make(account.id, MAIL_MINUTES, true)
    end)
    if not token then
        return
    end
    local mail = letter(account, token, language, "mail")
    mail.attempts = ATTEMPTS
    local sent, reason, code = thing.mail.send(mail)
    if not sent then
        thing.log("error", "reset_mail_failed", code .. ": " .. reason)
        db.rows("delete from account_reset where hash = $1",
            db.bytes(thing.crypto.token_hash(token)))
    end
end

-- Takes a while, and how long says whether there is such an account: to be done after the answer.
function M.request(ctx, who, language)
    for _, account in ipairs(db.rows(CANDIDATES, who:lower(), ACCOUNTS_MAX)) do
        send_one(ctx, account, language)
    end
end

function M.sweep()
    db.rows("delete from account_reset where expires_at < now()")
end

return M
