import type { Migration } from '@mulin/database';

/** Until the final offers are opened nobody but a bidder itself learns whether it made one, nor how many. */
export const offersUntold: Migration = {
  name: '1763900000040-offers-untold',
  up: /* sql */ `
-- How many there are is told by the offers themselves, which only their bidder sees; everybody who judges sees the bid.
-- The column stays, empty, for the release before this one, which reads it while the new one starts.
alter table bid disable trigger user;
update bid set final_offer_version = 0 where final_offer_version <> 0;
alter table bid enable trigger user;
create function told_nothing() returns trigger language plpgsql as $$
begin
  new.final_offer_version := 0;
  return new;
end $$;
create trigger told_nothing before insert or update on bid for each row
  when (new.final_offer_version <> 0) execute function told_nothing();

create function final_offers_made(bid text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(max(version), 0) from final_offer offer join final_offer_call call using (tender_id)
  where offer.bid_id = final_offers_made.bid and (call.opened_at is not null
    or offer.organisation_id = current_setting('app.organisation', true))
$$;
revoke execute on function final_offers_made(text) from public;
grant execute on function final_offers_made(text) to :app;

-- Not by the code alone: a version that rises tells as much as a number.
create function untold_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  if to_jsonb(new) - 'version' = to_jsonb(old) - 'version' and exists (select from final_offer_call
      where tender_id = new.tender_id and opened_at is null) then
    raise exception 'the bid % would tell that something was handed in', new.id
      using errcode = '23514', constraint = 'a final offer leaves no trace on its bid before it is opened';
  end if;
  return new;
end $$;
create trigger untold_guard before update on bid for each row
  when (new.version is distinct from old.version) execute function untold_guard();
`,
};
