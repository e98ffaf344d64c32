import { type Migration, rlsPolicies } from '@mulin/database';

/** The track record of bidders: it admits and scores only as the tender file said. */
export const trackRecord: Migration = {
  name: '1763900000015-track-record',
  up: /* sql */ `
create table known_evaluation (
  evaluation_id text primary key,
  street text not null,
  organisation_id text not null,
  score int not null check (score between 0 and 10000),
  finalised_at timestamptz(3) not null
);
create index on known_evaluation (organisation_id, finalised_at);
revoke insert, update on known_evaluation from :app;

alter table tender add column record_conditions jsonb not null default '[]';
alter table criterion add column scale jsonb;

create table bid_record (
  bid_id text primary key references bid (id),
  street text not null,
  as_of date not null,
  grade int check (grade between 1 and 5),
  mean_score int check (mean_score between 0 and 10000),
  evaluations int not null,
  constraint "a mean is of something" check ((mean_score is null) = (evaluations = 0))
);
revoke update on bid_record from :app, :consumer;

insert into disqualification_reason (code, article, title_zh, title_en, in_force_from) values
  ('tender-condition', '政府采购法 第二十二条第二款', '不符合采购文件载明的特定条件', 'A condition of the tender file is not met', '2003-01-01');

-- Not by the code alone: who does not meet the file's conditions does not qualify, and nobody else is kept out by them.
create function unmet_conditions(bid text) returns int language sql stable as $$
  select count(*)::int from bid b join tender on tender.id = b.tender_id
    join bid_record record on record.bid_id = b.id, jsonb_array_elements(record_conditions) condition
  where b.id = bid and case condition ->> 'measure'
    when 'grade' then coalesce(record.grade, 0) < (condition ->> 'atLeast')::int
    else record.mean_score < (condition ->> 'atLeast')::int end
$$;
create function condition_guard() returns trigger language plpgsql as $$
begin
  if (new.qualified and unmet_conditions(new.bid_id) > 0)
      or (new.reason_code = 'tender-condition' and unmet_conditions(new.bid_id) = 0) then
    raise exception 'the record of % says otherwise', new.bid_id
      using errcode = '23514', constraint = 'a track record admits as the tender file said';
  end if;
  return new;
end $$;
create trigger condition_guard before insert or update on qualification_review
  for each row execute function condition_guard();

${rlsPolicies('known_evaluation', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
-- Whoever sees the bid sees how its bidder stood.
${rlsPolicies('bid_record', 'mulin.sees_street(street) and exists (select from bid where bid.id = bid_id)')}
`,
};
