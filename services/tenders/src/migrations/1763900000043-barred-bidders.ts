import { type Migration, rlsPolicies } from '@mulin/database';

/** Whoever is barred on the day of the deadline takes no part, though the bid came before (政府采购法 第二十二、七十七条). */
export const barredBidders: Migration = {
  name: '1763900000043-barred-bidders',
  up: /* sql */ `
-- What the register told of restrictions, and when: of a day that is over it is asked what was known then.
create table known_restriction (
  event_id text primary key,
  street text not null,
  organisation_id text not null,
  place int not null,
  told_at timestamptz(3) not null,
  until date not null
);
create index on known_restriction (organisation_id, told_at, place);
revoke insert, update on known_restriction from :app;
revoke update on known_restriction from :consumer;
${rlsPolicies('known_restriction', 'mulin.sees_street(street) and mulin.is_office()')}

create function barred_at(organisation_id text, moment timestamptz) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(
    (select until from known_restriction known where known.organisation_id = barred_at.organisation_id
      and told_at < moment order by told_at desc, place desc limit 1),
    -- From before this was kept: what is known today.
    (select restricted_until from organisation known where known.id = barred_at.organisation_id
      and not exists (select from known_restriction told where told.organisation_id = barred_at.organisation_id)),
    '-infinity') >= (moment at time zone 'Asia/Shanghai')::date
$$;
create function barred_bids(tender text) returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select bid.id from bid join public.tender bought on bought.id = bid.tender_id
  where bid.tender_id = barred_bids.tender and bid.state = 'sealed'
    and barred_at(bid.organisation_id, bought.deadline)
$$;
revoke execute on function barred_at(text, timestamptz), barred_bids(text) from public;
grant execute on function barred_at(text, timestamptz), barred_bids(text) to :app;

-- Not by the code alone.
create function barred_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  if barred_at(new.organisation_id, (select deadline from tender where id = new.tender_id)) then
    raise exception 'the bidder of % was barred on the day of the deadline', new.id
      using errcode = '23514', constraint = 'whoever is barred takes no part';
  end if;
  return new;
end $$;
create trigger barred_guard before update on bid for each row
  when (old.state = 'sealed' and new.state = 'opened') execute function barred_guard();

create function barred_winner() returns trigger language plpgsql as $$
begin
  if is_barred(new.organisation_id) then
    raise exception 'the winner of % is barred', new.lot_id
      using errcode = '23514', constraint = 'nothing is awarded to who may not bid';
  end if;
  return new;
end $$;
create trigger barred_winner before update on award for each row
  when (new.state <> old.state and new.state in ('noticed', 'accepted')) execute function barred_winner();
`,
};
