import type { Migration } from '@mulin/database';

/** Funds are told to whoever plans and tenders on them; those that were opened before are told now. */
export const fundsTold: Migration = {
  name: '1763900000023-funds-told',
  up: /* sql */ `
alter table fund add column events int not null default 0;

-- What happened to each fund so far, in order, as its service would have told it.
with happened as (
  select id as fund_id, street, 1 as step, opened_at as at, 'opened' as name, '' as cause,
    jsonb_build_object('fiscalYear', fiscal_year, 'fundId', id) as payload
  from fund
  union all
  select fund_id, appropriation.street, 2, null, 'appropriated', appropriation.id,
    jsonb_build_object('amountFen', amount_fen::text, 'appropriationId', appropriation.id, 'fundId', fund_id)
  from appropriation where state = 'APPROVED'
  union all
  select id, street, 3, null, 'closed', '', jsonb_build_object('fundId', id) from fund where state = 'CLOSED'
), counted as (
  select gen_random_uuid() as event_id, happened.*,
    row_number() over (partition by fund_id order by step, cause) as no
  from happened
), told as (
  insert into mulin.outbox (id, aggregatetype, aggregateid, aggregateversion, type, topic, key, payload, headers)
  select event_id, 'fund', fund_id, no, 'mulin.fund.' || name || '.v1', 'mulin.payment.events.v1', fund_id, payload,
    jsonb_strip_nulls(jsonb_build_object('ce_specversion', '1.0', 'ce_id', event_id, 'ce_type', 'mulin.fund.' || name || '.v1',
      'ce_source', '/payments', 'ce_subject', fund_id, 'ce_dataschema', 'urn:mulin:schema:fund.' || name || ':1',
      'ce_street', street, 'ce_partitionkey', fund_id, 'ce_aggregateversion', no::text, 'content-type', 'application/json',
      'ce_time', to_char(coalesce(at, mulin.now()) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
  from counted order by fund_id, no
)
update fund set events = (select count(*) from counted where counted.fund_id = fund.id);
`,
};
