import { type Migration, rlsPolicies } from '@mulin/database';

/** The register: parties, people, their posts and relations. Constraints are named as sentences. */
export const register: Migration = {
  name: '1763900000001-register',
  up: /* sql */ `
create table organisation (
  id text primary key,
  street text not null,
  type text not null,
  name text not null constraint "an organisation has a name" check (length(name) between 1 and 200),
  credit_code text constraint "a credit code belongs to one organisation" unique,
  state text not null constraint "an organisation is registered, then verified"
    check (state in ('registered', 'verified')),
  registered_by text not null,
  verified_by text,
  version int not null,
  events int not null,
  constraint "who registers does not verify" check (verified_by <> registered_by),
  constraint "a verified organisation has a verifier"
    check ((state = 'verified') = (verified_by is not null))
);
create index on organisation (street, id);
create index on organisation using gin (name gin_trgm_ops);

create table person (
  id text primary key,
  street text not null,
  name text not null constraint "a person has a name" check (length(name) between 1 and 100),
  registered_by text not null,
  version int not null
);
create index on person (street, id);

create table relation (
  id text primary key,
  street text not null,
  person_id text not null references person (id),
  organisation_id text not null references organisation (id),
  kind text not null,
  valid_from date not null,
  valid_to date,
  recorded_by text not null,
  version int not null,
  events int not null,
  constraint "a relation ends after it began" check (valid_to >= valid_from)
);
create index on relation (organisation_id, id);
create index on relation (person_id);

create table post (
  id text primary key,
  street text not null,
  person_id text not null references person (id),
  organisation_id text not null references organisation (id),
  role text not null,
  relation_id text not null unique references relation (id)
);
create index on post (organisation_id, id);

-- A credit code is unique in the whole register; the app role sees its own street only, so it asks here
-- and learns yes or no, nothing else.
create function credit_code_taken(code text) returns boolean
  language sql stable security definer set search_path = public, pg_temp
  as $$ select exists (select from organisation where credit_code = code) $$;
revoke execute on function credit_code_taken(text) from public;
grant execute on function credit_code_taken(text) to :app;

${rlsPolicies('organisation', 'mulin.sees_street(street)')}
${rlsPolicies('person', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('relation', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('post', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
`,
};
