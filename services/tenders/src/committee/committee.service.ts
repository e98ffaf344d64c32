import { randomBytes } from 'node:crypto';
import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { committeeProblems, draw, type Problem } from '@mulin/tender-rule';
import { Inject, Injectable } from '@nestjs/common';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { committeeRule, procedureOf } from '../procedure/procedure.js';
import { loadTender } from '../tender/load-tender.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { checkIds, outOfRange } from '../well-formed.js';
import {
  CommitteeMember,
  CommitteeState,
  drawSubject,
  MemberState,
  TenderCommittee,
} from './committee.entity.js';
import type {
  AnswerInvitationInput,
  CommitteeStepInput,
  DrawCommitteeInput,
  ReplaceRecusedInput,
} from './committee.inputs.js';
import {
  CommitteeInvalid,
  MustRecuse,
  NotOnCommittee,
  PoolTooSmall,
} from './committee.refusals.js';
import { loadCommittee, lockBoth, mustRecuse, recused, vacantSeats } from './load-committee.js';
import { In } from 'typeorm';

const MOST_SEATS = 49;

/** Forming a committee: the draw, the answers of those drawn, and seats that fall vacant. */
@Injectable()
export class CommitteeService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Draws the experts once it is settled who bids, so that everyone related to a bidder is left out. Not even who
   * draws learns the names.
   */
  draw(actor: Actor, input: DrawCommitteeInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const unfit = malformed(input);
          if (unfit) return unfit;
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const due = [TenderState.QUALIFIED, TenderState.EVALUATING].includes(tender.state);
          const drawn = await tx.existsBy(TenderCommittee, { tenderId: tender.id });
          if (!due || drawn || input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, 'drawCommittee');
          const { terms } = await procedureOf(tx, tender);
          const problems = committeeProblems({
            members: seats(input),
            budgetFen: tender.budgetFen,
            rule: committeeRule(terms),
          });
          if (problems.length > 0) return new CommitteeInvalid(problems);
          const committee = Object.assign(new TenderCommittee(), {
            id: newId('cmm'),
            street: tender.street,
            tenderId: tender.id,
            experts: input.experts,
            buyers: input.buyerRepresentativeIds.length,
            state: CommitteeState.CONFORMITY,
            drawnBy: actor.id,
            drawnAt: await now(tx),
            scoresOpenedAt: null,
            tieSeed: null,
            reportHash: null,
            drawnUpAt: null,
            reportedAt: null,
            announcedAt: null,
            version: 1,
          });
          await tx.insert(TenderCommittee, committee);
          const refusal =
            (await appoint(tx, tender, committee, input.buyerRepresentativeIds)) ??
            (await drawRound(tx, committee, { round: 1, needed: input.experts }));
          return refusal ?? committee;
        },
      ),
    );
  }

  /** Who was drawn says yes or no; where it is no, the next one drawn is invited in the same step. */
  answer(actor: Actor, input: AnswerInvitationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const { committee } = await lockBoth(tx, input.id, 'for_no_key_update');
          const seat = await tx.findOneBy(CommitteeMember, {
            committeeId: committee.id,
            personId: actor.id,
          });
          if (!seat) return new NotOnCommittee(committee.id, 'member');
          if (seat.state !== MemberState.INVITED)
            return committee.conflict(input.expectedVersion, 'answerInvitation');
          if (input.accept && (await mustRecuse(tx, actor.id, committee.tenderId)))
            return recused(tx, actor.id);
          seat.state = input.accept ? MemberState.CONFIRMED : MemberState.DECLINED;
          seat.answeredAt = await now(tx);
          await tx.save(seat);
          if (!input.accept) await fillSeats(tx, committee);
          return committee;
        },
      ),
    );
  }

  /** Nobody is left in the draw: the others of the pool are drawn from, in a round of its own. */
  drawAgain(actor: Actor, input: CommitteeStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const { committee } = await lockBoth(tx, input.id, 'for_no_key_update');
          const needed = await fillSeats(tx, committee);
          if (
            input.expectedVersion !== committee.version ||
            committee.state === CommitteeState.REPORTED ||
            needed === 0
          )
            return committee.conflict(input.expectedVersion, 'drawAgain');
          return (await drawRound(tx, committee, { round: 2, needed })) ?? committee;
        },
      ),
    );
  }

  /**
   * Unseats whoever turned out to be related to a bidder (回避). What they found is void, and the scores are sealed
   * again until those who follow have handed in theirs.
   */
  replaceRecused(actor: Actor, input: ReplaceRecusedInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const unfit = checkIds(
            'input.buyerRepresentativeIds',
            'per',
            input.buyerRepresentativeIds,
            MOST_SEATS,
          );
          if (unfit) return unfit;
          const { tender, committee } = await lockBoth(tx, input.id, 'for_no_key_update');
          if (
            input.expectedVersion !== committee.version ||
            committee.state === CommitteeState.REPORTED
          )
            return committee.conflict(input.expectedVersion, 'replaceRecused');
          await tx.query('select unseat_recused($1)', [committee.id]);
          await fillSeats(tx, committee);
          const refusal = await appoint(tx, tender, committee, input.buyerRepresentativeIds);
          if (refusal) return refusal;
          const vacant = await vacantSeats(tx, committee.id);
          if (vacant < 0) return outOfRange('input.buyerRepresentativeIds', String(-vacant));
          const opened = committee.scoresOpenedAt !== null;
          if (opened) {
            committee.step(CommitteeState.SCORING);
            Object.assign(committee, {
              ...{ scoresOpenedAt: null, reportHash: null, drawnUpAt: null, tieSeed: null },
            });
          } else committee.version += 1;
          await tx.save(committee);
          return committee;
        },
      ),
    );
  }
}

function malformed({ experts, buyerRepresentativeIds }: DrawCommitteeInput) {
  return (
    checkIds('input.buyerRepresentativeIds', 'per', buyerRepresentativeIds, MOST_SEATS) ??
    (Number.isInteger(experts) && experts >= 1 && experts <= MOST_SEATS
      ? undefined
      : outOfRange('input.experts', String(experts)))
  );
}

/** The seats as the rule looks at them, before anyone sits there. */
function seats({ experts, buyerRepresentativeIds }: DrawCommitteeInput) {
  return [
    ...Array.from({ length: experts }, (_, at) => ({
      ...{ id: `seat ${at}`, role: 'expert' as const },
      leader: at === 0,
    })),
    ...buyerRepresentativeIds.map((id) => ({ id, role: 'buyer' as const, leader: false })),
  ];
}

async function appoint(
  tx: Tx,
  tender: Tender,
  committee: TenderCommittee,
  people: readonly string[],
): Promise<MustRecuse | CommitteeInvalid | undefined> {
  for (const personId of people) {
    const opens = await tx.existsBy(OpeningKey, { id: In(tender.openingKeyIds), personId });
    if (opens || (await mustRecuse(tx, personId, tender.id))) return recused(tx, personId);
    if (await tx.existsBy(CommitteeMember, { committeeId: committee.id, personId }))
      return new CommitteeInvalid([TWICE]);
    await tx.query('select appoint_buyer($1, $2, $3)', [committee.id, newId('mbr'), personId]);
  }
  return undefined;
}

const TWICE: Problem = {
  code: 'memberRepeated',
  path: 'members',
  article: '87号令 第四十七条',
  text: { zh: '评审成员重复', en: 'somebody is a member twice' },
};

/** A round of the draw: seed, pool and order are kept, and the first in order are invited. */
async function drawRound(
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
async function fillSeats(tx: Tx, { id, experts }: TenderCommittee): Promise<number> {
  const ids = Array.from({ length: experts }, () => newId('mbr'));
  const [row] = await tx.query<{ left: number }[]>('select fill_seats($1, $2) as left', [id, ids]);
  return row?.left ?? experts;
}
