import { type Head, type SealedSource, signHeads } from '@mulin/database';
import { AuditSealed } from '@mulin/events';
import type { ServiceConfig } from '@mulin/graphql';
import type pg from 'pg';
import { append } from './outbox.js';

const HOUR_MS = 3_600_000;
/** It is of the whole service, and of no street. */
const NO_STREET = '000000000';

interface Newest extends Omit<Head, 'number' | 'rows' | 'sealedAt'> {
  number: string;
  rows: string;
  sealed_at: Date;
  told: number;
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
  const heads = rows.map(({ stream, number, rows: sealed, hash, sealed_at: sealedAt }) => ({
    ...{ stream, hash, number: Number(number), rows: Number(sealed) },
    sealedAt: sealedAt.toISOString(),
  }));
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
      payload: signHeads(service, heads, auditKey),
    },
  );
}

// Telling is a fact of the outbox and is sealed in its turn: one row more than at the last telling is no news.
const NEWEST = /* sql */ `
with last as (
  select aggregateversion as told, created_at, payload from mulin.outbox
  where aggregatetype = 'audit' and aggregateid = $1 order by aggregateversion desc limit 1
)
select stream, seal.number, seal.rows, 'sha256:' || encode(seal.hash, 'hex') as hash, seal.sealed_at,
  coalesce((select told from last), 0) as told,
  coalesce((select created_at + $3 * interval '1 millisecond' <= clock_timestamp() from last), true)
    and sum(seal.rows) over () - coalesce((select sum((head ->> 'rows')::bigint)
      from last, json_array_elements(payload -> 'heads') head), -1) not in (0, 1) as due
from unnest($2::text[]) known (stream), lateral (
  select number, rows, hash, sealed_at from mulin.seal where seal.stream = known.stream
  order by number desc limit 1) seal
order by stream`;
