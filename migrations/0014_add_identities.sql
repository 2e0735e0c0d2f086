-- SPDX-License-Identifier: Apache-2.0
--
-- Accounts of people who sign in with an OpenID provider.

-- up

-- Whose an account is at the provider: issuer and subject, which never change, not name or mail address, which do.
create table account_identity (
    issuer text not null check (length(issuer) <= 1000),
    subject text not null check (length(subject) between 1 and 255),
    account_id bigint not null unique references account on delete cascade,
    created_at timestamptz not null default now(),
    primary key (issuer, subject)
);
