-- SPDX-License-Identifier: Apache-2.0
--
-- What the admin API needs beside the things themselves: merge patches, audit, remembered answers, scoped tokens, the
-- names of deleted devices.

-- up

-- RFC 7396.
create function th_merge_patch(target jsonb, patch jsonb) returns jsonb language plpgsql immutable parallel safe as $$
declare
    name text;
    member jsonb;
begin
    if jsonb_typeof(patch) <> 'object' then
        return patch;
    end if;
    if target is null or jsonb_typeof(target) <> 'object' then
        target := '{}';
    end if;
    for name, member in select key, value from jsonb_each(patch) loop
        if member = 'null' then
            target := target - name;
        else
            target := jsonb_set(target, array[name], th_merge_patch(target -> name, member), true);
        end if;
    end loop;
    return target;
end $$;

-- Members of desired that reported ({name: {"v": value, "t": ms}}) lacks or has otherwise.
create function th_delta(desired jsonb, reported jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(d.key, d.value), '{}') from jsonb_each(desired) d
    where reported -> d.key -> 'v' is distinct from d.value
$$;

-- reported as the API says it: {name: {"value": value, "time": RFC 3339}}.
create function th_latest(reported jsonb) returns jsonb language sql stable parallel safe as $$
    select coalesce(jsonb_object_agg(r.key,
        jsonb_build_object('value', r.value -> 'v', 'time', th_rfc3339(th_time((r.value ->> 't')::bigint)))), '{}')
    from jsonb_each(reported) r
$$;

-- Who changed what. before and after are the representations the API shows, so no secret is in them.
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor_kind text not null check (actor_kind in ('token', 'account', 'system')),
    actor_id bigint,
    actor text not null,
    address text not null default '',
    request_id text not null default '',
    action text not null,
    target text not null default '',
    product_id bigint,
    product_key text not null default '',
    before jsonb,
    after jsonb
);
create index audit_at on audit (at, id);
create index audit_product on audit (product_id, id);
create index audit_actor on audit (actor_kind, actor_id, id);
create index audit_action on audit (action, id);

create function th_audit_keep() returns trigger language plpgsql as $$
begin
    raise exception 'audit rows are never changed' using errcode = 'TH002';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function th_audit_keep();

-- Answers to creates, for callers who repeat themselves within a day. sealed: the answer, since it may hold a secret;
-- associated data idempotency:SUBJECT:KEY. digest: SHA-256 of method, path and body.
create table api_answer (
    subject text not null,
    key text not null,
    digest bytea not null,
    sealed bytea not null,
    created_at timestamptz not null default now(),
    primary key (subject, key)
);
create index api_answer_created on api_answer (created_at);

-- A scoped token works for its products only; with none left it works for nothing.
alter table api_token add column scoped boolean not null default false;
alter table api_token add column created_by text not null default '';
create table api_token_product (
    token_id bigint not null references api_token on delete cascade,
    product_id bigint not null references product on delete cascade,
    primary key (token_id, product_id)
);
create index api_token_product_product on api_token_product (product_id);

-- Devices that were deleted while their history was kept: whose it was.
create table device_deleted (
    id bigint primary key,
    product_id bigint not null,
    product_key text not null,
    key text not null,
    name text not null,
    deleted_at timestamptz not null default now()
);
create index device_deleted_key on device_deleted (key);

create index device_created on device (created_at, id);
create index device_name on device (name, id);
create index device_updated on device (updated_at, id);
create index dead_letter_product on dead_letter (product_key, ts);
