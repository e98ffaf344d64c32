import { now } from '@mulin/database';
import { ChallengeDecided, TenderAwarded, TenderResumed, TenderSuspended } from '@mulin/events';
import { newId } from '@mulin/ids';
import { AwardEvents } from '../src/tender/award.events.js';
import { InvalidAwardEvents } from '../src/tender/invalid-award.js';
import { SuspensionEvents } from '../src/tender/suspension.events.js';
import { type Bench, hashOf, key, received } from './builders.js';

interface Ids {
  tenderId: string;
  contractId: string;
}

export const ids = (): Ids => ({ tenderId: newId('ten'), contractId: newId('con') });

/** What tenders tells of an award and its challenges, handled as by the consumer, and the contracts that it makes. */
export function tenderNewsOf(at: Bench) {
  const told = {
    awarded: (ids: Ids, change: Partial<typeof TenderAwarded.good> = {}) =>
      system(async (tx) => {
        const noticedAt = (await now(tx)).toISOString();
        const payload = {
          ...{ ...TenderAwarded.good, ...ids, noticedAt, lotId: newId('lot') },
          ...{ organisationId: at.organisationId, ...change },
        };
        return new AwardEvents().awarded([received(TenderAwarded, payload)], { tx });
      }),
    fell: ({ tenderId, contractId }: Ids) =>
      system((tx) => {
        const overturned = [{ awardId: newId('awd'), contractId }];
        const remedy = { outcome: 'upheld', remedy: 'nextCandidate', overturned };
        const payload = { ...ChallengeDecided.good, ...remedy, tenderId };
        return new InvalidAwardEvents().decided([received(ChallengeDecided, payload)], { tx });
      }),
    suspended: ({ tenderId }: Ids) =>
      system((tx) =>
        new SuspensionEvents().suspended(
          [received(TenderSuspended, { ...TenderSuspended.good, tenderId })],
          { tx },
        ),
      ),
    resumed: ({ tenderId }: Ids) =>
      system((tx) =>
        new SuspensionEvents().resumed(
          [received(TenderResumed, { ...TenderResumed.good, tenderId })],
          { tx },
        ),
      ),
  };
  const system: Bench['mulin']['service']['database']['asSystem'] = (work) =>
    at.mulin.service.database.asSystem(work);
  const rowOf = async ({ contractId }: Ids) => {
    const [row] = await at.mulin.database.query<Record<string, unknown> & { version: number }>(
      `select state, version, suspended_since as since, suspended_because as because, sign_by as "signBy"
       from contract where id = $1`,
      [contractId],
    );
    if (!row) throw new Error('there is no contract');
    return row;
  };
  const step = async (of: Ids) => ({
    ...key(of.contractId),
    expectedVersion: (await rowOf(of)).version,
  });
  const funded = async (change: Partial<typeof TenderAwarded.good> = {}) => {
    const of = ids();
    await told.awarded(of, change);
    await at.do(at.officer, 'requestFunds', await step(of));
    await at.reserve(of.contractId);
    return of;
  };
  const signed = async (change: Partial<typeof TenderAwarded.good> = {}) => {
    const of = await funded(change);
    const textHash = await hashOf(at.mulin, at.officer, of.contractId);
    for (const [actor, side] of [
      [at.approver, 'BUYER'],
      [at.manager, 'PROVIDER'],
    ] as const)
      await at.do(actor, 'signContract', { ...(await step(of)), side, textHash });
    const { state } = await rowOf(of);
    if (state !== 'signed') throw new Error(`it is ${String(state)}, not signed`);
    return of;
  };

  return { told, rowOf, step, funded, signed };
}
