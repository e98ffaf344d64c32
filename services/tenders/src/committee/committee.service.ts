import type { Actor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import { changeOnce } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { committeeProblems } from '@mulin/tender-rule';
import { Inject, Injectable } from '@nestjs/common';
import { committeeRule, procedureOf } from '../procedure/procedure.js';
import { loadTender } from '../tender/load-tender.js';
import { TenderState } from '../tender/tender.states.js';
import { checkIds, outOfRange } from '../well-formed.js';
import {
  CommitteeMember,
  CommitteeState,
  MemberState,
  TenderCommittee,
} from './committee.entity.js';
import type {
  AnswerInvitationInput,
  CommitteeStepInput,
  DrawCommitteeInput,
} from './committee.inputs.js';
import { CommitteeInvalid, NotOnCommittee } from './committee.refusals.js';
import { loadCommittee, lockBoth, mustRecuse, recused } from './load-committee.js';
import { appoint, drawRound, fillSeats } from './seating.js';

export const MOST_SEATS = 49;

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
            ...{ findingsOpenedAt: null, scoresOpenedAt: null, sheetsOpenedAt: null },
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

  /**
   * Invitations that were not answered in time lapse, and the next drawn are invited. Nobody is left in the draw: the
   * others of the pool are drawn from, in a round of its own.
   */
  drawAgain(actor: Actor, input: CommitteeStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const { committee } = await lockBoth(tx, input.id, 'for_no_key_update');
          const [row] = await tx.query<{ lapsed: number }[]>(
            'select lapse_invitations($1) as lapsed',
            [committee.id],
          );
          const needed = await fillSeats(tx, committee);
          if (
            input.expectedVersion !== committee.version ||
            committee.state === CommitteeState.REPORTED ||
            (needed === 0 && !row?.lapsed)
          )
            return committee.conflict(input.expectedVersion, 'drawAgain');
          if (needed === 0) return committee;
          return (await drawRound(tx, committee, { round: 2, needed })) ?? committee;
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
