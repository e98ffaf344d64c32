import { firstHash, hashOfRow, hashOfSeal } from './seal-sql.js';
import type { SealedSource } from './sealed-source.js';

/** A sentence, and the query that returns what breaks it. */
interface Check {
  name: string;
  sql: string;
}

/**
 * The sentences about the chains of one service. They compute every hash anew, from the declarations in the code and
 * with nothing but PostgreSQL's own functions, and name the first bad row first.
 */
export function auditChecks(service: string, sources: readonly SealedSource[]): Check[] {
  const each = (sqlOf: (source: SealedSource) => string) =>
    `${sources.map((source) => `(${sqlOf(source)})`).join(' union all ')}`;
  return [
    {
      name: 'no sealed row was changed or removed',
      sql: `select stream, number, id, what from (${each(touched)}) touched order by stream, number, place`,
    },
    {
      name: 'no row was put in behind the seals',
      sql: `select stream, id from (${each(unsealed)}) unsealed order by stream, id`,
    },
    { name: 'the seals of every stream are one chain', sql: chainOf(service) },
  ];
}

/**
 * Since the last re-seal, which begins with every row that there was. Always as a materialized step: joined seal by
 * seal, each would scan the table.
 */
const sealedRows = ({ stream }: SealedSource) => /* sql */ `
  select number, place, each.id, each.hash from mulin.seal, unnest(ids, hashes) with ordinality as each (id, hash, place)
  where stream = '${stream}' and number >= coalesce((select max(number) from mulin.seal
    where stream = '${stream}' and because is not null), 1)`;

const touched = (source: SealedSource) => /* sql */ `
  with sealed as materialized (${sealedRows(source)})
  select '${source.stream}' as stream, sealed.number, sealed.place, sealed.id,
    case when found.id is null then 'removed' else 'changed' end as what
  from sealed
    left join (select id::text as id, ${hashOfRow(source)} as hash from ${source.table}) found using (id)
  where found.hash is distinct from sealed.hash`;

/** All streams are sealed up to the same transaction, in one transaction: what is older and not sealed came later. */
const unsealed = (source: SealedSource) => /* sql */ `
  with sealed as materialized (${sealedRows(source)})
  select '${source.stream}' as stream, id from (
    select id::text as id from ${source.table} where xact < (select max(upto) from mulin.seal)
      or xact >= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())
  ) old where not exists (select from sealed where sealed.id = old.id)`;

const chainOf = (service: string) => /* sql */ `
  select stream, number from (
    select seal.*, lag(hash) over chain as before, row_number() over chain as place
    from mulin.seal window chain as (partition by stream order by number)
  ) chained
  where number <> place or cardinality(ids) <> cardinality(hashes) or hash <> ${hashOfSeal(service)}
    or previous <> coalesce(before, ${firstHash(service, "' || stream || '")})
  order by stream, number`;
