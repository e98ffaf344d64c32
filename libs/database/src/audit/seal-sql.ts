import type { SealedSource } from './sealed-source.js';

// Every function below is named with its schema: one of the same name that somebody put into the database, and that
// fits its arguments better, would otherwise be called in its place and could lie to a check.

/** What a row says, as its sha256. */
export const hashOfRow = ({ says }: SealedSource): string =>
  `pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.json_build_array(${says.join(', ')})::text, 'UTF8'))`;

/** What the first seal of a stream names as the one before it. */
export const firstHash = (service: string, stream: string): string =>
  `pg_catalog.sha256(pg_catalog.convert_to('mulin audit ${service} ${stream}', 'UTF8'))`;

/** The hash of a row of mulin.seal, or of anything with its columns. */
export const hashOfSeal = (service: string): string => /* sql */ `
  pg_catalog.sha256(previous || pg_catalog.convert_to(pg_catalog.json_build_array('${service}', stream, number,
    ids, pg_catalog.encode(pg_catalog.sha256(pg_catalog.array_send(hashes)), 'hex'), rows, upto::text,
    extract(epoch from sealed_at), because, signature)::text, 'UTF8'))`;

/** A row that claims to be older than the last seal by more than this was put in behind it. */
const LATE = `interval '15 minutes'`;

/** The uuidv7 inside an id, as hexadecimal digits, sorts by the time it was made. */
const madeAt = `right(replace(id::text, '-', ''), 32) collate "C"`;
const digitsOf = (instant: string) =>
  `lpad(to_hex((extract(epoch from ${instant}) * 1000)::bigint), 12, '0')`;

/**
 * Seals about `$2` rows of a stream, whole transactions only, all of them finished before `$1` (the oldest transaction
 * still running): each row once, and none that commits late is passed over. Answers nothing when nothing is new, else
 * whether there may be more.
 *
 * A row that says it is older than the seal before it is left out: it stays unsealed behind the chain, and the check
 * names it.
 */
export const sealSql = (service: string, source: SealedSource): string => /* sql */ `
with last as (
  select number, hash, upto, rows, sealed_at, sealed_at - ${LATE} as late from mulin.seal
  where stream = '${source.stream}' order by number desc limit 1
), bounds as (
  select coalesce((select upto from last), '0') as from_xact, coalesce((
    select xact from ${source.table} where xact < $1::xid8 and xact > (
      select xact from ${source.table}
      where xact >= coalesce((select upto from last), '0') and xact < $1::xid8
      order by xact offset $2 - 1 limit 1)
    order by xact limit 1), $1::xid8) as to_xact
), fresh as materialized (
  select id::text as id, ${hashOfRow(source)} as hash from ${source.table}
  where xact >= (select from_xact from bounds) and xact < (select to_xact from bounds)
    and ${madeAt} >= coalesce((select ${digitsOf('late')} from last), '')
    ${source.writtenAt ? `and ${source.writtenAt} >= coalesce((select late from last), '-infinity')` : ''}
), made as (
  select '${source.stream}' as stream, coalesce((select number from last), 0) + 1 as number,
    coalesce(array_agg(id order by id collate "C"), '{}') as ids,
    coalesce(array_agg(hash order by id collate "C"), '{}') as hashes,
    coalesce((select rows from last), 0) + count(*) as rows, (select to_xact from bounds) as upto,
    clock_timestamp()::timestamptz(3) as sealed_at, null::text as because, null::text as signature,
    coalesce((select hash from last), ${firstHash(service, source.stream)}) as previous
  from fresh
)
insert into mulin.seal (stream, number, ids, hashes, rows, upto, sealed_at, because, signature, previous, hash)
select stream, number, ids, hashes, rows, upto, sealed_at, because, signature, previous, ${hashOfSeal(service)}
from made where cardinality(ids) > 0 or upto < $1::xid8
returning upto < $1::xid8 as more`;
