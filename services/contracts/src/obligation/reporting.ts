import type { Actor } from '@mulin/auth';
import { endOfCivilDay, startOfCivilDay } from '@mulin/clock';
import { now, type Tx } from '@mulin/database';
import { checkText, IdAlreadyUsed, NotFound } from '@mulin/graphql';
import type { EntityTarget, FindOptionsWhere } from 'typeorm';
import type { Contract } from '../contract/contract.entity.js';
import { ContractState } from '../contract/contract.states.js';
import { ContractIsSuspended } from '../contract/signing.refusals.js';
import { loadWhole } from '../contract/load-contract.js';
import { checkId } from '../contract/well-formed.js';
import { type Report, ReportState } from './report.entity.js';
import type { ReportInput } from './report.inputs.js';
import { ObligationUnknown, OccurredOutsideTerm } from './report.refusals.js';

/** A contract that has begun; reports about its term may still come after it ended. */
const REPORTED_ON = [ContractState.ACTIVE, ContractState.COMPLETED, ContractState.TERMINATED];

/** The columns of a new report on a contract, or why it cannot be recorded. */
export async function newReport(
  tx: Tx,
  actor: Actor,
  input: ReportInput & { id: string },
  prefix: 'ful' | 'brc',
) {
  const malformed =
    checkId('input.id', prefix, input.id) ?? checkText('input.evidence', input.evidence, 200);
  if (malformed) return malformed;
  const { contract, obligations } = await loadWhole(tx, input.contractId);
  const recordedAt = await now(tx);
  if (!REPORTED_ON.includes(contract.state)) return contract.conflict(contract.version, 'record');
  const suspendedSince = await suspendedAt(tx, contract, input.occurredAt);
  if (suspendedSince) return new ContractIsSuspended(contract.id, suspendedSince);
  const codes = obligations.map(({ code }) => code);
  if (!codes.includes(input.obligation)) return new ObligationUnknown(input.obligation, codes);
  const outside = occurredOutside(contract, input.occurredAt, recordedAt);
  if (outside) return outside;
  if (await isTaken(tx, input.id)) return new IdAlreadyUsed(input.id);
  return {
    id: input.id,
    contractId: contract.id,
    street: contract.street,
    organisationId: contract.organisationId,
    code: input.obligation,
    occurredAt: input.occurredAt,
    evidence: input.evidence,
    state: ReportState.RECORDED,
    recordedBy: actor.id,
    recordedAt,
    decidedBy: null,
    decidedAt: null,
    version: 1,
    events: 0,
  };
}

/** Since when the contract was suspended at that moment, if it was: nothing was to be performed then. */
async function suspendedAt(tx: Tx, { id, suspendedSince }: Contract, at: Date) {
  if (suspendedSince !== null && at >= suspendedSince) return suspendedSince;
  const [row] = await tx.query<{ since: Date }[]>(
    'select since from suspension where contract_id = $1 and since <= $2 and $2 < until',
    [id, at],
  );
  return row?.since;
}

/** The report, where the actor may see it; locked when it is to be decided on. */
export async function loadReport<R extends Report>(
  tx: Tx,
  type: EntityTarget<R> & { name: string },
  id: string,
  mode?: 'for_no_key_update',
): Promise<R> {
  // Every report has an id of this type; TypeORM cannot see it through the type parameter.
  const where = { id } as FindOptionsWhere<R>;
  const report = await tx.findOne(type, { where, lock: mode && { mode } });
  if (!report) throw new NotFound(type.name.toLowerCase(), id);
  return report;
}

function occurredOutside(contract: Contract, occurredAt: Date, now: Date) {
  const from = startOfCivilDay(contract.startsOn);
  // A day that was only proposed ends nothing.
  const ended = contract.state === ContractState.TERMINATED ? contract.terminationDay : null;
  const end = endOfCivilDay(ended ?? contract.endsOn);
  const until = end < now ? end : now;
  return occurredAt < from || occurredAt > until
    ? new OccurredOutsideTerm(occurredAt, from, until)
    : undefined;
}

async function isTaken(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }[]>('select report_id_taken($1) as taken', [id]);
  return row?.taken ?? false;
}
