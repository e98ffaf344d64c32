import type { Migration } from '@mulin/database';

/** How a contract was performed and what was paid for it is public as well: what was decided, and only that. */
export const openImplementation: Migration = {
  name: '1763900000037-open-implementation',
  up: /* sql */ `
-- An evaluation is told when it is final, after its appeal window; a decision when it is posted, a payment when the bank
-- has confirmed it, and when it came back. What leads there stays the street's own: breaches, results that can still be
-- appealed, appeals, requests for money and orders on their way. No payload of these holds a person or a text about one.
insert into published_kind values
  ('mulin.evaluation.finalised.v1', '政府信息公开条例 第二十条'),
  ('mulin.acceptance.signed.v1', '政府采购法实施条例 第四十五条'),
  ('mulin.payment.decided.v1', '预算法 第十四条'),
  ('mulin.payment.settled.v1', '预算法 第十四条'),
  ('mulin.payment.reversed.v1', '预算法 第十四条');

-- Before the contract is public there is nothing to have performed.
create function is_signed(contract text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from fact where contract_id = contract and type = 'mulin.contract.signed.v1')
$$;
revoke execute on function is_signed(text) from public;
grant execute on function is_signed(text) to :app;

drop policy "what was published is public" on fact;
create policy "what was published is public" on fact for select to :app
  using (coalesce(current_setting('app.staff', true), '') <> 'on'
    and type in (select type from published_kind)
    and case
      when type = 'mulin.tender.opened.v1' then is_decided(tender_id)
      when type = 'mulin.challenge.decided.v1' then payload ->> 'kind' = 'complaint' or payload ? 'remedy'
      when type in ('mulin.evaluation.finalised.v1', 'mulin.acceptance.signed.v1', 'mulin.payment.decided.v1',
        'mulin.payment.settled.v1', 'mulin.payment.reversed.v1') then is_signed(contract_id)
      else true end);
`,
};
