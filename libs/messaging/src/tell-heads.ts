import { type Head, type SealedSource, signHeads } from '@mulin/database';
import { AuditSealed } from '@mulin/events';
import type { ServiceConfig } from '@mulin/graphql';
import type pg from 'pg';
import { append } from './outbox.js';

const HOUR_MS = 3_600_000;
/** It is of the whole service, and of no street. */
const NO_STREET = '000000000';

interface Newest extends Head {
  told: number;
  told_at: Date;
  due: boolean;
}

/**
 * Tells the newest seals under the service's signature, once an hour at the most and only when something else than
 * the last telling was sealed since. Called in the transaction that sealed, which lets in one replica at a time.
 */
export async function tellHeads(
  client: pg.Client,
  {
    config: { service, auditKey, headsEveryMs = HOUR_MS },
    sources,
  }: {
    config: Pick<ServiceConfig, 'service' | 'auditKey' | 'headsEveryMs'>;
    sources: readonly SealedSource[];
  },
): Promise<void> {
  if (!auditKey) return;
  const streams = sources.map(({ stream }) => stream);
  const { rows } = await client.query<Newest>(NEWEST, [service, streams, headsEveryMs]);
  const [newest] = rows;
  if (!newest?.due) return;
  const heads = rows.map(({ stream, hash }) => ({ stream, hash }));
  const facts = { service, toldAt: newest.told_at.toISOString(), heads };
  await append(
    {
      query: (sql, values) => client.query(sql, values),
      dataSource: client,
    },
    {
      type: AuditSealed,
      aggregateId: service,
      aggregateVersion: newest.told + 1,
      street: NO_STREET,
      payload: signHeads(facts, auditKey),
    },
  );
}

// The seal after the one that was told names it as the one before, which an index finds: what came since is counted from
// there. Telling is a fact of the outbox and is sealed in its turn: one row more than at the last telling is no news.
const NEWEST = /* sql */ `
with last as (
  select aggregateversion as told, created_at, payload from mulin.outbox
  where aggregatetype = 'audit' and aggregateid = $1 order by aggregateversion desc limit 1
), before as (
  select head ->> 'stream' as stream, decode(substr(head ->> 'hash', 8), 'hex') as hash
  from last, json_array_elements(payload -> 'heads') head
), newest as (
  select seal.stream, seal.hash, case when before.hash = seal.hash then 0
    else seal.rows - coalesce(next.rows - cardinality(next.ids), 0) end as came
  from unnest($2::text[]) known (stream)
    cross join lateral (select stream, rows, hash from mulin.seal where seal.stream = known.stream
      order by number desc limit 1) seal
    left join before on before.stream = seal.stream
    left join mulin.seal next on next.stream = before.stream and next.previous = before.hash
)
select stream, 'sha256:' || encode(hash, 'hex') as hash, clock_timestamp() as told_at,
  coalesce((select told from last), 0) as told,
  coalesce((select created_at + $3 * interval '1 millisecond' <= clock_timestamp() from last), true)
    and sum(came) over () > (select count(*) from last) as due
from newest order by stream`;
