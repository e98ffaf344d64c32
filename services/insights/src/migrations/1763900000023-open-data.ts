import type { Migration } from '@mulin/database';

/** Open contracting data is for everyone: of the facts those that the law has published, and no others. */
export const openData: Migration = {
  name: '1763900000023-open-data',
  up: /* sql */ `
-- By which article a kind of fact is public. What is not named here is the street's own: requests for money, evaluations,
-- payments, and challenges that were filed.
create table published_kind (
  type text primary key,
  article text not null
);
insert into published_kind values
  ('mulin.organisation.registered.v1', '社会组织信用信息管理办法 第五条'),
  ('mulin.procurementPlan.approved.v1', '政府采购法实施条例 第八条'),
  ('mulin.procurementPlan.singleSourceNoticed.v1', '政府采购法实施条例 第三十八条'),
  ('mulin.tender.published.v1', '政府采购法 第十一条'),
  ('mulin.tender.amended.v1', '政府采购法实施条例 第三十一条'),
  ('mulin.tender.opened.v1', '政府采购法实施条例 第四十三条'),
  ('mulin.tender.resultAnnounced.v1', '政府采购法实施条例 第四十三条'),
  ('mulin.tender.awarded.v1', '政府采购法实施条例 第四十三条'),
  ('mulin.tender.failed.v1', '政府采购法 第三十六条'),
  ('mulin.tender.lotFailed.v1', '政府采购法 第三十六条'),
  ('mulin.challenge.decided.v1', '政府采购质疑和投诉办法 第三十四条'),
  ('mulin.contract.signed.v1', '政府采购法实施条例 第五十条'),
  ('mulin.contract.completed.v1', '政府采购法实施条例 第四十五条'),
  ('mulin.contract.terminated.v1', '政府采购法实施条例 第五十条');
grant select on published_kind to :app, :consumer, :checks;
revoke insert, update on published_kind from :app, :consumer;

-- Who bid is public when it is decided; until then it is known to those who were at the opening.
create function is_decided(tender text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from fact where tender_id = tender
    and type in ('mulin.tender.resultAnnounced.v1', 'mulin.tender.failed.v1'))
$$;
revoke execute on function is_decided(text) from public;
grant execute on function is_decided(text) to :app;

-- Staff look at the facts of their own street, as before: a flag is never raised on another's.
create policy "what was published is public" on fact for select to :app
  using (coalesce(current_setting('app.staff', true), '') <> 'on'
    and type in (select type from published_kind)
    and case type
      when 'mulin.tender.opened.v1' then is_decided(tender_id)
      when 'mulin.challenge.decided.v1' then payload ->> 'kind' = 'complaint' or payload ? 'remedy'
      else true end);
`,
};
