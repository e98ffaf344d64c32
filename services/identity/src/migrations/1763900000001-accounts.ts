import { type Migration, rlsPolicies } from '@mulin/database';

/**
 * Accounts and what the OpenID provider must remember. Secrets lie in tables of their own that the app
 * role (GraphQL) and the checks role cannot read, whatever a resolver or a query may try.
 */
export const accounts: Migration = {
  name: '1763900000001-accounts',
  up: /* sql */ `
create table account (
  id text primary key,
  person_id text not null constraint "a person has one account" unique,
  login text not null constraint "a login belongs to one account" unique
    constraint "a login is 3 to 40 small letters, digits, dots and dashes" check (login ~ '^[a-z][a-z0-9.-]{2,39}$'),
  street text not null,
  organisation_id text,
  roles text[] not null,
  state text not null constraint "an account is active or disabled" check (state in ('active', 'disabled')),
  registered_by text not null,
  disabled_by text,
  version int not null,
  constraint "nobody disables themselves" check (disabled_by <> person_id),
  constraint "a disabled account says who disabled it" check ((state = 'disabled') = (disabled_by is not null)),
  constraint "who evaluates neither approves nor pays, who approves does not pay" check (
    (case when 'evaluator' = any (roles) then 1 else 0 end)
    + (case when 'streetApprover' = any (roles) then 1 else 0 end)
    + (case when 'cashier' = any (roles) then 1 else 0 end) <= 1)
);
create index on account (street, id);
${rlsPolicies('account', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}

create table credential (
  account_id text primary key references account (id),
  password_hash text not null,
  changed_at timestamptz not null default now()
);
revoke all on credential from :app, :checks;
grant insert on credential to :app;
${rlsPolicies('credential', 'true')}

-- Guesses are counted per login, known or not, so that a lock says nothing about who exists.
create table login_throttle (
  login_hash text primary key,
  failures int not null,
  last_at timestamptz not null,
  locked_until timestamptz
);
create index on login_throttle (last_at);
revoke all on login_throttle from :app;
grant delete on login_throttle to :consumer;
${rlsPolicies('login_throttle', 'false')}

-- What oidc-provider stores: ids are hashed and payloads encrypted, because an id is a bearer's secret.
create table oidc_payload (
  model text not null,
  id_hash text not null,
  sealed text not null,
  grant_id text,
  uid text,
  expires_at timestamptz,
  consumed_at timestamptz,
  primary key (model, id_hash)
);
create index on oidc_payload (grant_id) where grant_id is not null;
create index on oidc_payload (uid) where uid is not null;
create index on oidc_payload (expires_at);
revoke all on oidc_payload from :app, :checks;
grant delete on oidc_payload to :consumer;
${rlsPolicies('oidc_payload', 'false')}

create table signing_key (
  kid text primary key,
  sealed text not null,
  created_at timestamptz not null default now()
);
revoke all on signing_key from :app, :checks;
grant delete on signing_key to :consumer;
${rlsPolicies('signing_key', 'false')}

-- A login and a person are unique in the whole deployment; the app role sees its own street only, so it
-- asks here and learns yes or no, nothing else.
create function login_taken(wanted text) returns boolean
  language sql stable security definer set search_path = public, pg_temp
  as $$ select exists (select from account where login = wanted) $$;
create function person_has_account(wanted text) returns boolean
  language sql stable security definer set search_path = public, pg_temp
  as $$ select exists (select from account where person_id = wanted) $$;
revoke execute on function login_taken(text), person_has_account(text) from public;
grant execute on function login_taken(text), person_has_account(text) to :app;
`,
};
