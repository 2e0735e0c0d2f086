-- SPDX-License-Identifier: Apache-2.0
--
-- Password resets that people ask for themselves, by mail.

-- up

-- mailed: asked for at the sign-in page, and sent to the account's own address; else an administrator made it.
alter table account_reset add column created_at timestamptz not null default now();
alter table account_reset add column mailed boolean not null default false;

-- People may type their mail address instead of the account's name.
create index account_email on account (lower(email)) where email <> '';
