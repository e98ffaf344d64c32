import { type Migration, rlsPolicies } from '@mulin/database';

/** From the report to the award: choice, public notice, stand-still, award notice, answer. */
export const awards: Migration = {
  name: '1763900000007-awards',
  up: /* sql */ `
update procedure set terms = terms || '{"award": {"chooseWorkingDays": 5, "noticeWorkingDays": 1,
  "standStillWorkingDays": 7, "answerDays": 30, "articles": {
    "choose": "政府采购法实施条例 第四十三条；87号令 第六十八条",
    "notice": "87号令 第六十九条",
    "standStill": "政府采购法 第五十二条",
    "answer": "政府采购法 第四十六条"}}}'::jsonb;
update procedure set terms = jsonb_set(terms, '{award}', '{"chooseWorkingDays": 5, "noticeWorkingDays": 1,
  "standStillWorkingDays": 3, "answerDays": 15, "articles": {
    "choose": "街道限额以下公开比选办法（示例） 第十二条",
    "notice": "街道限额以下公开比选办法（示例） 第十三条",
    "standStill": "街道限额以下公开比选办法（示例） 第十四条",
    "answer": "街道限额以下公开比选办法（示例） 第十五条"}}')
  where method = 'belowThreshold';

insert into tender_step values ('evaluating', 'resultNotice'), ('resultNotice', 'awarded'), ('resultNotice', 'failed');
alter table tender drop constraint "a tender is in a state of the table",
  add constraint "a tender is in a state of the table" check (state in
    ('draft', 'published', 'opened', 'qualified', 'evaluating', 'resultNotice', 'awarded', 'failed', 'cancelled'));

create table award_step (from_state text, to_state text, primary key (from_state, to_state));
insert into award_step values ('proposed', 'announced'), ('announced', 'noticed'), ('noticed', 'accepted'),
  ('noticed', 'refused');
revoke insert, update on award_step from :app, :consumer;
alter table lot add constraint "a lot is known by its tender" unique (id, tender_id);
create table award (
  id text primary key,
  street text not null,
  tender_id text not null,
  lot_id text not null,
  bid_id text not null,
  organisation_id text not null,
  rank int not null check (rank > 0),
  total int not null,
  price_fen bigint not null check (price_fen > 0),
  state text not null check (state in ('proposed', 'announced', 'noticed', 'accepted', 'refused')),
  deemed boolean not null,
  chosen_by text not null,
  chosen_at timestamptz(3) not null,
  announced_by text,
  announced_at timestamptz(3),
  notice_ends_at timestamptz(3),
  stand_still_ends_at timestamptz(3),
  noticed_by text,
  noticed_at timestamptz(3),
  answer_by timestamptz(3),
  answered_at timestamptz(3),
  refusal text check (length(refusal) between 1 and 1000),
  contract_id text,
  version int not null,
  constraint "who chooses a winner does not announce it" check (announced_by <> chosen_by),
  constraint "what is announced has its notice" check (state = 'proposed'
    or (announced_by is not null and announced_at is not null and notice_ends_at is not null and stand_still_ends_at is not null)),
  constraint "who refuses says why" check ((state = 'refused') = (refusal is not null)),
  constraint "an accepted award has its contract" check ((state = 'accepted') = (contract_id is not null)),
  constraint "no award notice before the stand-still is over" check (noticed_at >= stand_still_ends_at),
  foreign key (lot_id, tender_id) references lot (id, tender_id),
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);
create index on award (street, id);
create index on award (tender_id);
create index on award (organisation_id, id);
create unique index "a lot is awarded to one at a time" on award (lot_id) where state <> 'refused';
create unique index "a bid is awarded once" on award (bid_id);
create trigger step_guard before update on award for each row execute function step_guard();
-- The first candidate who has not refused, at the price of the bid; nothing else can be awarded (条例 第四十三条).
create function award_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and not exists (select from bid where id = new.bid_id and lot_id = new.lot_id
      and price_fen = new.price_fen and state = 'ranked') then
    raise exception 'the award of % is not that of a ranked bid', new.lot_id
      using errcode = '23514', constraint = 'what is awarded is a ranked bid at its price';
  end if;
  if tg_op = 'INSERT' and exists (select from score_report report, jsonb_array_elements(ranking) place
      where report.lot_id = new.lot_id and (place ->> 'rank')::int < new.rank
        and not exists (select from award before where before.bid_id = place ->> 'bidId' and before.state = 'refused')) then
    raise exception 'a better candidate of % has not refused', new.lot_id
      using errcode = '23514', constraint = 'candidates are awarded in their order';
  end if;
  if tg_op = 'UPDATE' and to_jsonb(new) - array['state', 'announced_by', 'announced_at', 'notice_ends_at',
      'stand_still_ends_at', 'noticed_by', 'noticed_at', 'answer_by', 'answered_at', 'refusal', 'contract_id', 'version']
    is distinct from to_jsonb(old) - array['state', 'announced_by', 'announced_at', 'notice_ends_at',
      'stand_still_ends_at', 'noticed_by', 'noticed_at', 'answer_by', 'answered_at', 'refusal', 'contract_id', 'version'] then
    raise exception 'the award % is settled', old.id
      using errcode = '23514', constraint = 'who is awarded, for how much, never changes';
  end if;
  -- Whoever acts for an organisation answers its own award only; the staff records silence.
  if tg_op = 'UPDATE' and new.state in ('accepted', 'refused') and old.state = 'noticed'
      and coalesce(current_setting('app.staff', true), '') <> 'on'
      and current_setting('app.organisation', true) <> new.organisation_id then
    raise exception 'the award % is another’s', old.id
      using errcode = '23514', constraint = 'the winner answers';
  end if;
  return new;
end $$;
create trigger award_guard before insert or update on award for each row execute function award_guard();

-- A loser is told its own score and rank (87号令 第六十九条); a winner's are public.
create table bid_rank (
  bid_id text primary key,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  rank int not null,
  total int not null,
  price int not null,
  technical int not null,
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);
revoke update on bid_rank from :app, :consumer;

-- The winner answers, and may see neither the other bids nor what is proposed: these count and settle for it.
create function awards_standing(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from award where tender_id = target and state in ('proposed', 'announced', 'noticed')
$$;
create function candidates_left(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from bid where tender_id = target and state = 'ranked'
    and not exists (select from award where award.bid_id = bid.id)
$$;
create function settle_losers(target text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update bid set state = 'lost', version = version + 1 where lot_id = target and state = 'ranked'
    and exists (select from award where award.lot_id = target and award.state = 'accepted')
$$;
revoke execute on function awards_standing(text), candidates_left(text), settle_losers(text) from public;
grant execute on function awards_standing(text), candidates_left(text), settle_losers(text) to :app;

${rlsPolicies('award', "mulin.sees_street(street) and (state <> 'proposed' or current_setting('app.staff', true) = 'on')")}
${rlsPolicies(
  'bid_rank',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or organisation_id = current_setting('app.organisation', true))`,
)}
`,
};
