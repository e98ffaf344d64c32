import type pg from 'pg';

/** What a round left in payments' database, as far as both sides must agree on it. */
export type Effect = Record<string, string | number>;

/** Counts and sums of everything that a payment is made of; ids differ from round to round. */
export async function effectOf(admin: pg.Pool): Promise<Effect> {
  const { rows } = await admin.query<Effect>(`
    with decided as (select * from decision where kind = 'evaluation'),
    moved as (
      select account, sum(debits) as debits, sum(credits) as credits from (
        select debit as account, fen as debits, 0 as credits from transfer
        union all select credit, 0, fen from transfer
      ) side group by account
    )
    select
      (select count(*)::int from decided) as decisions,
      (select sum(released_fen)::text from decided) as released,
      (select sum(reduced_fen)::text from decided) as reduced,
      (select sum(json_array_length(because::json))::int from decided) as "linesOfExplanation",
      (select sum(length(inputs))::int from decided) as "lengthOfInputs",
      (select count(*)::int from transfer where decision_id is not null) as transfers,
      (select sum(fen)::text from transfer where decision_id is not null) as moved,
      (select count(*)::int from account left join moved on account = id
        where account.debits <> coalesce(moved.debits, 0)
          or account.credits <> coalesce(moved.credits, 0)) as "balancesThatDiffer",
      (select count(*)::int from mulin.outbox where aggregatetype = 'decision') as events,
      (select sum((select count(*) from json_object_keys(payload)))::int from mulin.outbox
        where aggregatetype = 'decision') as "fieldsOfEvents",
      (select sum((select count(*) from jsonb_object_keys(headers)))::int from mulin.outbox
        where aggregatetype = 'decision') as "headersOfEvents",
      (select count(*)::int from mulin.inbox) as inbox`);
  const [effect] = rows;
  if (!effect) throw new Error('nothing came back');
  return effect;
}
