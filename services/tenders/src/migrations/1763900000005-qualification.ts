import { type Migration, rlsPolicies } from '@mulin/database';

/** Who qualifies, before any price is known; then the price envelopes. */
export const qualification: Migration = {
  name: '1763900000005-qualification',
  up: /* sql */ `
insert into tender_step values ('opened', 'qualified'), ('qualified', 'evaluating'),
  ('qualified', 'failed'), ('qualified', 'cancelled'), ('evaluating', 'failed'), ('evaluating', 'cancelled');
alter table tender drop constraint "a tender is in a state of the table",
  add constraint "a tender is in a state of the table" check (state in
    ('draft', 'published', 'opened', 'qualified', 'evaluating', 'failed', 'cancelled'));

insert into bid_step values ('opened', 'qualified'), ('opened', 'disqualified'), ('qualified', 'priced'),
  ('qualified', 'invalid'), ('qualified', 'revoked'), ('qualified', 'returned');
alter table bid drop constraint "a bid is in a state of the table",
  add constraint "a bid is in a state of the table" check (state in
    ('sealed', 'withdrawn', 'opened', 'unconfirmed', 'revoked', 'returned', 'excluded',
     'qualified', 'disqualified', 'priced', 'invalid')),
  add column price_fen bigint constraint "a price is at most 10^14 fen"
    check (price_fen between 1 and 100000000000000),
  add constraint "a bid with a price was opened twice"
    check ((state in ('priced')) = (price_fen is not null));

alter table opened_bid drop constraint "a line says what came of a bid",
  add constraint "a line says what came of a bid" check (result in
    ('opened', 'unconfirmed', 'revoked', 'returned', 'excluded', 'invalid')),
  drop constraint "what was opened has its content",
  add constraint "what was opened has its content"
    check ((result in ('opened', 'invalid')) = (content is not null));
alter table opening_record drop constraint opening_record_outcome_check,
  add constraint "an opening has an outcome" check (outcome in
    ('opened', 'tooFewBids', 'tooFewReadable'));

create table disqualification_reason (
  code text not null,
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  primary key (code, in_force_from)
);
insert into disqualification_reason (code, article, title_zh, title_en, in_force_from) values
  ('no-civil-capacity', '政府采购法 第二十二条第一项', '不具有独立承担民事责任的能力', 'No civil liability of its own', '2003-01-01'),
  ('credit-and-accounts', '政府采购法 第二十二条第二项', '商业信誉或财务会计制度不符合要求', 'Credit or accounts', '2003-01-01'),
  ('equipment-and-skill', '政府采购法 第二十二条第三项', '不具备履行合同所必需的设备和专业技术能力', 'Equipment or skill', '2003-01-01'),
  ('taxes-and-social-security', '政府采购法 第二十二条第四项', '无依法缴纳税收和社会保障资金的良好记录', 'Taxes or social security', '2003-01-01'),
  ('illegal-record', '政府采购法 第二十二条第五项', '前三年内在经营活动中有重大违法记录', 'A major illegal record within three years', '2003-01-01'),
  ('other-condition', '政府采购法 第二十二条第六项', '不符合法律、行政法规规定的其他条件', 'Another condition of the law', '2003-01-01');
grant select on disqualification_reason to :app;
revoke insert, update on disqualification_reason from :app, :consumer;

create table qualification_review (
  bid_id text primary key,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  qualified boolean not null,
  reason_code text,
  because text check (length(because) between 1 and 1000),
  reviewed_by text not null,
  confirmed_by text,
  confirmed_at timestamptz(3),
  version int not null,
  constraint "who reviews does not confirm" check (confirmed_by <> reviewed_by),
  constraint "who does not qualify is told why" check (qualified = (reason_code is null and because is null)),
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);

-- A price is opened only of bids whose qualification two people stand for.
create function price_guard() returns trigger language plpgsql as $$
begin
  if (select envelope from opening_record where id = new.opening_id) = 'price' and not exists (
      select from qualification_review where bid_id = new.bid_id and qualified and confirmed_by is not null) then
    raise exception 'the price of % stays shut', new.bid_id
      using errcode = '23514', constraint = 'prices are opened of those who qualify';
  end if;
  return new;
end $$;
create trigger price_guard before insert on opened_bid for each row execute function price_guard();

${rlsPolicies(
  'qualification_review',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or (organisation_id = current_setting('app.organisation', true) and confirmed_by is not null))`,
)}
`,
};
