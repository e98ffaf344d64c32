import { type Migration, rlsPolicies } from '@mulin/database';

/** Who may bid: a read model of organisations and of who heads or holds them. */
export const bidders: Migration = {
  name: '1763900000004-bidders',
  up: /* sql */ `
create table organisation (
  id text primary key,
  street text not null,
  name text not null,
  verified boolean not null default false,
  restricted_until date
);
create index on organisation (street, id);
create table relation (
  id text primary key,
  street text not null,
  person_id text not null,
  organisation_id text not null,
  kind text not null,
  valid_from date not null,
  valid_to date
);
create index on relation (organisation_id);
create index on relation (person_id);

-- Bids for one lot by organisations that one person heads or holds on the day of the deadline (实施条例
-- 第十八条). It sees all relations, so that row-level security cannot hide one.
create function related_bids(tender text) returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select distinct one.id from bid one
    join bid other on other.lot_id = one.lot_id and other.organisation_id <> one.organisation_id
      and other.state = 'sealed'
    join relation mine on mine.organisation_id = one.organisation_id
    join relation theirs on theirs.organisation_id = other.organisation_id
      and theirs.person_id = mine.person_id
    join public.tender bought on bought.id = one.tender_id
  where one.tender_id = related_bids.tender and one.state = 'sealed'
    and mine.kind in ('head', 'controllingHolder') and theirs.kind in ('head', 'controllingHolder')
    and (bought.deadline at time zone 'Asia/Shanghai')::date
      between mine.valid_from and coalesce(mine.valid_to, 'infinity')
    and (bought.deadline at time zone 'Asia/Shanghai')::date
      between theirs.valid_from and coalesce(theirs.valid_to, 'infinity')
$$;
revoke execute on function related_bids(text) from public;
grant execute on function related_bids(text) to :app;

insert into bid_step values ('sealed', 'excluded');
alter table bid drop constraint "a bid is in a state of the table",
  add constraint "a bid is in a state of the table" check (state in
    ('sealed', 'withdrawn', 'opened', 'unconfirmed', 'revoked', 'returned', 'excluded'));
alter table opened_bid drop constraint opened_bid_result_check,
  add constraint "a line says what came of a bid" check (result in
    ('opened', 'unconfirmed', 'revoked', 'returned', 'excluded'));

${rlsPolicies('organisation', 'mulin.sees(street, id)')}
${rlsPolicies('relation', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
`,
};
