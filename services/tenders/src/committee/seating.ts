import { randomBytes } from 'node:crypto';
import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { draw, type Problem } from '@mulin/tender-rule';
import { In } from 'typeorm';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { drawSubject, type TenderCommittee } from './committee.entity.js';
import { CommitteeInvalid, type MustRecuse, PoolTooSmall } from './committee.refusals.js';
import { mustRecuse, recused } from './load-committee.js';

/**
 * Seats representatives of the buyer, on the buyer's own seats only. Whoever is in the pool is refused first and
 * always with the same words: the answer never tells who of them was drawn.
 */
export async function appoint(
  tx: Tx,
  tender: Tender,
  { id }: TenderCommittee,
  people: readonly string[],
): Promise<MustRecuse | CommitteeInvalid | undefined> {
  const [seats] = await tx.query<{ vacant: number }[]>(`select vacant_of($1, 'buyer') as vacant`, [
    id,
  ]);
  if (people.length > (seats?.vacant ?? 0)) return new CommitteeInvalid([NO_SEAT]);
  const known = await tx.query<{ pooled: boolean; sat: boolean }[]>(
    'select in_pool($1, each) as pooled, sat_for_buyer($1, each) as sat from unnest($2::text[]) as each',
    [id, [...people]],
  );
  if (known.some(({ pooled }) => pooled)) return new CommitteeInvalid([FROM_POOL]);
  if (known.some(({ sat }) => sat)) return new CommitteeInvalid([TWICE]);
  const registered = await tx.query<{ id: string }[]>(
    'select id from known_person where id = any ($1) and street = $2',
    [[...people], tender.street],
  );
  for (const personId of people) {
    const opens = await tx.existsBy(OpeningKey, { id: In(tender.openingKeyIds), personId });
    if (opens || (await mustRecuse(tx, personId, tender.id))) return recused(tx, personId);
    if (!registered.some((each) => each.id === personId)) return new CommitteeInvalid([NOBODY]);
    await tx.query('select appoint_buyer($1, $2, $3)', [id, newId('mbr'), personId]);
  }
  return undefined;
}

const NO_SEAT: Problem = {
  code: 'tooManyBuyers',
  path: 'members',
  article: '87号令 第四十七条',
  text: {
    zh: '采购人代表不得占用评审专家席位',
    en: 'a representative of the buyer never takes the seat of an expert',
  },
};
const FROM_POOL: Problem = {
  code: 'expertAsBuyer',
  path: 'members',
  article: '87号令 第四十七条',
  text: {
    zh: '专家库人员由随机抽取产生，名单在公告前保密，不得指定为采购人代表',
    en: 'who is in the pool is drawn, in secret until the result, and never appointed',
  },
};
const NOBODY: Problem = {
  code: 'buyerUnknown',
  path: 'members',
  article: '87号令 第四十七条',
  text: {
    zh: '采购人代表须是本街道登记的人员（登记后稍候再试）',
    en: 'a representative of the buyer is a person whom the register of the street knows',
  },
};
const TWICE: Problem = {
  code: 'memberRepeated',
  path: 'members',
  article: '87号令 第四十七条',
  text: { zh: '评审成员重复', en: 'somebody is a member twice' },
};

/** A round of the draw: seed, pool and order are kept, and the first in order are invited. */
export async function drawRound(
  tx: Tx,
  committee: TenderCommittee,
  { round, needed }: { round: number; needed: number },
): Promise<PoolTooSmall | undefined> {
  const { id, tenderId } = committee;
  const rows = await tx.query<{ expert: string }[]>('select pool_of($1, $2) as expert', [
    id,
    tenderId,
  ]);
  const pool = rows.map(({ expert }) => expert);
  if (pool.length < needed) return new PoolTooSmall(needed, pool.length);
  const [next] =
    round === 1
      ? [{ round }]
      : await tx.query<{ round: number }[]>('select next_round($1) as round', [id]);
  const drawn = draw({
    seed: randomBytes(32).toString('hex'),
    subject: drawSubject(tenderId, next?.round ?? round),
    pool,
  });
  await tx.query('select record_draw($1, $2, $3, $4)', [id, drawn.seed, drawn.pool, drawn.order]);
  await fillSeats(tx, committee);
  return undefined;
}

/** Invites the next in the order drawn until every seat of an expert is spoken for; answers how many are not. */
export async function fillSeats(tx: Tx, { id, experts }: TenderCommittee): Promise<number> {
  const ids = Array.from({ length: experts }, () => newId('mbr'));
  const [row] = await tx.query<{ left: number }[]>('select fill_seats($1, $2) as left', [id, ids]);
  return row?.left ?? experts;
}
