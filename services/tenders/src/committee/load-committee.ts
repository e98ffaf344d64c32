import type { Actor } from '@mulin/auth';
import { workingDayDeadline } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { loadedCalendar } from '../procedure/calendar.js';
import { procedureOf } from '../procedure/procedure.js';
import { loadTender } from '../tender/load-tender.js';
import type { Tender } from '../tender/tender.entity.js';
import { CommitteeMember, MemberState, TenderCommittee } from './committee.entity.js';
import { MustRecuse, NotOnCommittee, SeatsVacant } from './committee.refusals.js';

/** The committee, where the actor may see it; locked when it takes a step. */
export async function loadCommittee(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update' | 'pessimistic_read',
): Promise<TenderCommittee> {
  const committee = await tx.findOne(TenderCommittee, { where: { id }, lock: mode && { mode } });
  if (!committee) throw new NotFound('committee', id);
  return committee;
}

/** The tender first: every lock is taken in this order. */
export async function lockBoth(tx: Tx, id: string, mode: 'for_no_key_update' | 'pessimistic_read') {
  const { tenderId } = await loadCommittee(tx, id);
  const tender = await loadTender(tx, tenderId, mode);
  return { tender, committee: await loadCommittee(tx, id, mode) };
}

/** Whether this person must not judge the bids for this tender (实施条例 第九条). */
export async function mustRecuse(tx: Tx, personId: string, tenderId: string): Promise<boolean> {
  const [row] = await tx.query<{ must: boolean }[]>('select must_recuse($1, $2) as must', [
    personId,
    tenderId,
  ]);
  return row?.must ?? true;
}

/** The refusal of who must not judge, by the rule in force. */
export async function recused(tx: Tx, personId: string): Promise<MustRecuse> {
  const [rule] = await tx.query<{ article: string }[]>(
    'select judge_article as article from recusal_rule_in_force',
  );
  return new MustRecuse(personId, rule?.article ?? '政府采购法实施条例 第九条');
}

export async function vacantSeats(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.query<{ vacant: number }[]>('select vacant_seats($1) as vacant', [id]);
  return row?.vacant ?? 1;
}

/** The actor's own seat, or why there is none to judge from: not a member, related, or seats are vacant. */
export async function seatOf(
  tx: Tx,
  actor: Actor,
  { id, tenderId }: TenderCommittee,
): Promise<CommitteeMember | NotOnCommittee | MustRecuse | SeatsVacant> {
  const member = await tx.findOneBy(CommitteeMember, {
    committeeId: id,
    personId: actor.id,
    state: MemberState.CONFIRMED,
  });
  if (!member) return new NotOnCommittee(id, 'member');
  if (await mustRecuse(tx, actor.id, tenderId)) return recused(tx, actor.id);
  const vacant = await vacantSeats(tx, id);
  if (vacant === 0) return member;
  const { terms } = await procedureOf(tx, await loadTender(tx, tenderId));
  return new SeatsVacant(vacant, terms.committee.article);
}

/** Whether the actor leads this committee. */
export async function leads(tx: Tx, { id }: TenderCommittee): Promise<boolean> {
  const [row] = await tx.query<{ leads: boolean }[]>('select leads($1) as leads', [id]);
  return row?.leads ?? false;
}

/** Why this person may not take a step of the committee, or nothing: its leader may. */
export async function notLeading(tx: Tx, actor: Actor, committee: TenderCommittee) {
  if (!(await leads(tx, committee))) return new NotOnCommittee(committee.id, 'leader');
  const seat = await seatOf(tx, actor, committee);
  if (!(seat instanceof CommitteeMember)) return seat;
  // Not the leader alone: no step is built on what a member gave who must recuse.
  const [related] = await tx.query<{ person: string | null }[]>(
    'select member_to_recuse($1) as person',
    [committee.id],
  );
  return related?.person ? recused(tx, related.person) : undefined;
}

/** Until when members may sign or dissent; later silence is agreement. Null before there is a report. */
export async function reportDueAt(
  tx: Tx,
  tender: Tender,
  { drawnUpAt }: TenderCommittee,
): Promise<Date | null> {
  if (!drawnUpAt) return null;
  const { terms } = await procedureOf(tx, tender);
  const { endsAt } = workingDayDeadline({
    from: drawnUpAt,
    workingDays: terms.reportWorkingDays,
    calendar: await loadedCalendar(tx),
  });
  return endsAt;
}
