import { describe, expect, it } from '@jest/globals';
import { ChallengeDecided, ContractCancelled, ContractFundsReleased } from '@mulin/events';
import { newId } from '@mulin/ids';
import {
  announced,
  award,
  awarded,
  bid,
  compiled,
  failed,
  FIRST,
  ONE,
  opened,
  OTHER,
  published,
  registered,
  releases,
  SECOND,
  type Told,
} from './told.js';

const cancelled = (contractId: string, reasonCode = 'expired'): Told => [
  ContractCancelled,
  { contractId, reasonCode },
];
const fundsReleased = (contractId: string): Told => [
  ContractFundsReleased,
  { contractId, because: 'expired' },
];
const upheld = (remedy: string, awardId: string, contractId: string): Told => [
  ChallengeDecided,
  { outcome: 'upheld', remedy, overturned: [{ awardId, contractId }] },
];

describe('open contracting data of an award whose contract nobody signed', () => {
  const bids = [bid(FIRST, ONE), bid(FIRST, OTHER), bid(SECOND, OTHER)];
  const [one, other, beside] = bids;
  if (!one || !other || !beside) throw new Error('no bids');
  const ends = ({ tender, awards, contracts }: ReturnType<typeof compiled>) => ({
    ...{ tender: tender.status, lots: tender.lots.map(({ status }) => status) },
    awards: awards.map(({ status }) => status),
    contracts: contracts?.map(({ status }) => status),
  });

  for (const [how, unsigned] of [
    ['was never asked money for', cancelled],
    ['had its money', fundsReleased],
  ] as const)
    it(`is cancelled with its contract, which ${how}, and its tender is not complete while the next candidate may follow`, () => {
      const [refused, next] = [award(one), award(other)];
      const contractId = newId('con');
      const begun = [
        ...[...registered, published([FIRST]), opened([one, other])],
        ...[announced([refused], [one, other]), awarded(refused, contractId)],
      ];
      expect(ends(compiled(begun))).toMatchObject({ tender: 'complete', awards: ['active'] });
      const fallen = [...begun, unsigned(contractId)];
      expect(ends(compiled(fallen))).toEqual({
        ...{ tender: 'active', lots: ['active'], awards: ['cancelled'], contracts: ['cancelled'] },
      });
      expect(releases(fallen).at(-1)).toMatchObject({
        tag: ['awardCancellation'],
        contracts: [{ id: contractId, awardID: refused.awardId, status: 'cancelled' }],
      });
      // Told twice, or late, it takes nothing from who follows.
      const followed = [...fallen, announced([next], [one, other]), awarded(next)];
      for (const told of [followed, [...followed, unsigned(contractId)]])
        expect(ends(compiled(told))).toMatchObject({
          ...{ tender: 'complete', lots: ['complete'], awards: ['cancelled', 'active'] },
        });
      const nobody = [...fallen, failed({ reasonCode: 'noCandidateLeft' })];
      expect(ends(compiled(nobody))).toEqual({
        ...{ tender: 'unsuccessful', lots: ['unsuccessful'] },
        ...{ awards: ['cancelled'], contracts: ['cancelled'] },
      });
    });

  it('leaves the awards of the other lots as they are', () => {
    const [a, b] = [award(one), award(beside)];
    const [contractId, kept] = [newId('con'), newId('con')];
    const done = [
      ...[...registered, published([FIRST, SECOND]), opened(bids)],
      ...[announced([a, b], bids), awarded(a, contractId), awarded(b, kept)],
    ];
    expect(ends(compiled([...done, cancelled(contractId)]))).toEqual({
      ...{ tender: 'active', lots: ['active', 'complete'], awards: ['cancelled', 'active'] },
      contracts: ['cancelled'],
    });
  });

  it('of an award that fell by an upheld challenge the lot stays what the answer made of it', () => {
    const fallen = award(one);
    const contractId = newId('con');
    const done = [
      ...[...registered, published([FIRST]), opened([one, other])],
      ...[announced([fallen], [one, other]), awarded(fallen, contractId)],
      upheld('awardInvalid', fallen.awardId, contractId),
    ];
    // Not complete: the only lot came to nothing.
    const end = { tender: 'unsuccessful', lots: ['unsuccessful'], awards: ['cancelled'] };
    expect(ends(compiled(done))).toMatchObject(end);
    expect(releases(done).at(-1)).toMatchObject({ tag: ['tenderUpdate', 'awardCancellation'] });
    expect(ends(compiled([...done, cancelled(contractId, 'awardInvalid')]))).toEqual({
      ...{ ...end, contracts: ['cancelled'] },
    });
  });
});
