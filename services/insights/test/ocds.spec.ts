import { describe, expect, it } from '@jest/globals';
import { ChallengeDecided, type EventType, TenderLotFailed } from '@mulin/events';
import {
  announced,
  award,
  awarded,
  bid,
  type Compiled,
  compiled,
  failed,
  FIRST,
  ONE,
  opened,
  OTHER,
  published,
  registered,
  SECOND,
  THIRD,
} from './told.js';

describe('open contracting data tells how a tender ended', () => {
  const bids = [bid(FIRST, ONE), bid(SECOND, ONE), bid(SECOND, OTHER)];
  const [first, second, third] = bids;
  if (!first || !second || !third) throw new Error('no bids');

  const upheld = (remedy: string, { awardId }: { awardId: string }) =>
    [
      ChallengeDecided as EventType,
      {
        ...{ outcome: 'upheld', remedy, overturned: [{ awardId, contractId: null }] },
      },
    ] as const;
  const fell = (lotId: string, reasonCode: string) =>
    [TenderLotFailed as EventType, { lotId, reasonCode }] as const;
  const ends = ({ tender, awards }: Compiled) => ({
    ...{ tender: tender.status, lots: tender.lots.map(({ status }) => status) },
    awards: awards.map(({ status }) => status),
  });

  it('is complete with the last award, not before; a lot that nobody is awarded came to nothing', () => {
    const [a, b] = [award(first), award(second)];
    const begun = [...registered, published([FIRST, SECOND, THIRD]), opened(bids)];
    const half = compiled([...begun, announced([a, b], bids), awarded(a)]);
    expect(half.tender.status).toBe('active');
    expect(half.tender.lots.map(({ status }) => status)).toEqual([
      ...['complete', 'active', 'unsuccessful'],
    ]);
    const whole = compiled([...begun, announced([a, b], bids), awarded(a), awarded(b)]);
    expect(whole.tender.status).toBe('complete');
    expect(whole.tender.lots.map(({ status }) => status)).toEqual([
      ...['complete', 'complete', 'unsuccessful'],
    ]);
    expect(whole.awards.map(({ status }) => status)).toEqual(['active', 'active']);
    expect(whole.tag).toEqual(['compiled']);
  });

  it('an award that was refused is cancelled when the next candidate follows', () => {
    const [refused, next] = [award(second), award(third)];
    const { awards, tender } = compiled([
      ...registered,
      ...[published([SECOND]), opened(bids), announced([refused], bids)],
      ...[announced([next], bids), awarded(next)],
    ]);
    expect(awards.map(({ id, status }) => [id, status])).toEqual([
      [refused.awardId, 'cancelled'],
      [next.awardId, 'active'],
    ]);
    expect(tender.status).toBe('complete');
  });

  it('an award that was accepted and fell is cancelled, its lot open again until the next one is accepted', () => {
    const [fallen, next] = [award(second), award(third)];
    const begun = [...registered, published([SECOND]), opened(bids), announced([fallen], bids)];
    const followed = [...begun, awarded(fallen), announced([next], bids)];
    expect(compiled(followed).tender).toMatchObject({
      ...{ status: 'active', lots: [{ status: 'active' }] },
    });
    const { awards, tender } = compiled([...followed, awarded(next)]);
    expect(awards.map(({ status }) => status)).toEqual(['cancelled', 'active']);
    expect(tender.status).toBe('complete');
    const nobody = compiled([...begun, awarded(fallen), failed({ reasonCode: 'noCandidateLeft' })]);
    expect(nobody.awards.map(({ status }) => status)).toEqual(['cancelled']);
    expect(nobody.tender.lots.map(({ status }) => status)).toEqual(['unsuccessful']);
  });

  it('an award that an upheld challenge overturned is cancelled, and its lot open or given up as it says', () => {
    const [a, b] = [award(first), award(second)];
    const done = [
      ...[...registered, published([FIRST, SECOND]), opened(bids)],
      ...[announced([a, b], bids), awarded(a), awarded(b)],
    ];
    const overturned = (remedy: string) => compiled([...done, upheld(remedy, b)]);
    const open = overturned('nextCandidate');
    expect(open.tender).toMatchObject({ status: 'active' });
    expect(open.tender.lots.map(({ status }) => status)).toEqual(['complete', 'active']);
    expect(open.awards.map(({ status }) => status)).toEqual(['active', 'cancelled']);
    const gone = overturned('awardInvalid');
    expect(gone.tender).toMatchObject({ status: 'complete' });
    expect(gone.tender.lots.map(({ status }) => status)).toEqual(['complete', 'unsuccessful']);
  });

  it('a lot whose last candidate refused came to nothing, and the tender is complete with the other', () => {
    const [a, b] = [award(first), award(second)];
    const begun = [
      ...registered,
      published([FIRST, SECOND]),
      opened(bids),
      announced([a, b], bids),
    ];
    const refused = fell(SECOND, 'noCandidateLeft');
    const half = compiled([...begun, refused]);
    expect(half.tender).toMatchObject({ status: 'active' });
    expect(half.tender.lots.map(({ status }) => status)).toEqual(['active', 'unsuccessful']);
    const whole = compiled([...begun, awarded(a), refused]);
    expect(whole.tender.status).toBe('complete');
    expect(whole.tender.lots.map(({ status }) => status)).toEqual(['complete', 'unsuccessful']);
    expect(whole.awards.map(({ status }) => status)).toEqual(['active', 'cancelled']);
  });

  it('a lot that fell with its award by an upheld challenge came to nothing, before and after the other was accepted', () => {
    const [a, b] = [award(first), award(second)];
    const begun = [
      ...[...registered, published([FIRST, SECOND]), opened(bids)],
      announced([a, b], bids),
    ];
    const fallen = [upheld('awardInvalid', b), fell(SECOND, 'challengeUpheld')];
    expect(ends(compiled([...begun, ...fallen]))).toEqual({
      ...{ tender: 'active', lots: ['active', 'unsuccessful'], awards: ['pending', 'cancelled'] },
    });
    const end = {
      ...{
        tender: 'complete',
        lots: ['complete', 'unsuccessful'],
        awards: ['active', 'cancelled'],
      },
    };
    expect(ends(compiled([...begun, ...fallen, awarded(a)]))).toEqual(end);
    expect(ends(compiled([...begun, awarded(a), ...fallen]))).toEqual(end);
    expect(ends(compiled([...begun, awarded(a), awarded(b), ...fallen]))).toEqual(end);
  });

  it('a lot whose candidates are all barred came to nothing: at the choice, or after an award of it fell', () => {
    const [a, b] = [award(first), award(second)];
    const begun = [...registered, published([FIRST, SECOND]), opened(bids)];
    const atTheChoice = [...begun, fell(SECOND, 'noCandidateLeft'), announced([a], bids)];
    expect(ends(compiled(atTheChoice))).toEqual({
      ...{ tender: 'active', lots: ['active', 'unsuccessful'], awards: ['pending'] },
    });
    expect(ends(compiled([...atTheChoice, awarded(a)]))).toEqual({
      ...{ tender: 'complete', lots: ['complete', 'unsuccessful'], awards: ['active'] },
    });
    const afterAFall = [
      ...[...begun, announced([a, b], bids), awarded(a), awarded(b)],
      ...[upheld('nextCandidate', b), fell(SECOND, 'noCandidateLeft')],
    ];
    expect(ends(compiled(afterAFall))).toEqual({
      ...{
        tender: 'complete',
        lots: ['complete', 'unsuccessful'],
        awards: ['active', 'cancelled'],
      },
    });
    const all = [...begun, failed({ reasonCode: 'noCandidateLeft', bids })];
    expect(compiled(all).tender).toMatchObject({
      ...{ status: 'unsuccessful', lots: [{ status: 'unsuccessful' }, { status: 'unsuccessful' }] },
    });
  });

  it('of a tender that failed nothing stays pending: neither an award nor a lot', () => {
    const last = award(first);
    const { awards, tender } = compiled([
      ...registered,
      ...[published([FIRST, SECOND]), opened(bids), announced([last], bids)],
      failed({ reasonCode: 'noCandidateLeft' }),
    ]);
    expect(awards.map(({ status }) => status)).toEqual(['cancelled']);
    expect(tender.status).toBe('unsuccessful');
    expect(tender.lots.map(({ status }) => status)).toEqual(['unsuccessful', 'unsuccessful']);
  });

  it('a task that was given up is a tender cancelled; one that failed by its bids tells who took part', () => {
    const givenUp = compiled([published([FIRST]), failed({ reasonCode: 'taskCancelled' })]);
    expect(givenUp.tender).toMatchObject({ status: 'cancelled', lots: [{ status: 'cancelled' }] });
    const few = compiled([
      ...registered,
      published([FIRST]),
      failed({
        reasonCode: 'tooFewQualified',
        bids: [
          { ...bid(FIRST, ONE), state: 'disqualified' },
          { ...bid(FIRST, OTHER), state: 'qualified' },
        ],
      }),
    ]);
    expect(few.tender).toMatchObject({ status: 'unsuccessful', numberOfTenderers: 2 });
    expect(few.bids.details.map(({ status }) => status)).toEqual(['disqualified', 'pending']);
  });

  it('who bids and wins stays a tenderer: a merge replaces the list of roles', () => {
    const one = award(first);
    const { parties } = compiled([
      ...registered,
      ...[published([FIRST]), opened(bids), announced([one], bids), awarded(one)],
    ]);
    expect(parties.find(({ id }) => id === ONE)?.roles).toEqual(['tenderer', 'supplier']);
    expect(parties.find(({ id }) => id === OTHER)?.roles).toEqual(['tenderer']);
  });
});
