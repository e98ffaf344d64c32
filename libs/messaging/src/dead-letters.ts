import type { Tx } from '@mulin/database';

/** What staff see of a dead letter: everything but the bytes. */
export interface DeadLetter {
  id: string;
  consumer: string;
  eventId: string | null;
  type: string | null;
  subject: string | null;
  street: string | null;
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  payloadHash: string;
  reason: string;
  detail: Record<string, unknown>;
  tries: number;
  deadAt: Date;
  status: 'open' | 'replaying' | 'discarding' | 'replayed' | 'discarded';
  twoPeople: boolean;
  proposedAction: DeadLetterAction | null;
  proposedBy: string | null;
  proposedBecause: string | null;
  proposedAt: Date | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

export type DeadLetterAction = 'replay' | 'discard';

/** Why a decision was not taken; nothing was written. */
export type DecisionRefused =
  | { because: 'notFound' }
  /** Decided about already, or died again since it was read: look again. */
  | { because: 'changedMeanwhile'; status: DeadLetter['status']; tries: number }
  | { because: 'sameIdOtherContent' }
  | { because: 'secondPersonNeeded'; firstPersonId: string };

export interface Decision {
  id: string;
  /** How often it had died when the person read it; a letter that died again has another reason. */
  expectedTries: number;
  action: DeadLetterAction;
  /** Why, in the words of the person who decides; kept with the letter. */
  because: string;
  by: string;
}

/**
 * How far somebody sees. A record without a readable street belongs to none: only who runs the platform
 * sees such letters and decides about them. Row-level security keeps the streets apart underneath.
 */
export interface Reach {
  withoutStreet?: boolean;
}

/**
 * A person decides about a dead letter. Where two people are needed, the first call proposes, and the
 * same call by another person carries it out; a call for the other action replaces the proposal. What
 * is decided the consumer does, within a second.
 */
export async function decideDeadLetter(
  tx: Tx,
  { id, expectedTries, action, because, by }: Decision,
  reach: Reach = {},
): Promise<DeadLetter | DecisionRefused> {
  const letter = await lockLetter(tx, id, reach);
  if (!letter) return { because: 'notFound' };
  const { status, tries } = letter;
  if (status !== 'open' || tries !== expectedTries)
    return { because: 'changedMeanwhile', status, tries };
  // To accept a changed fact under an old id would be to rewrite history; a new event must say it.
  if (action === 'replay' && letter.reason === 'sameIdOtherContent')
    return { because: 'sameIdOtherContent' };
  const seconds = letter.proposedAction === action;
  if (letter.twoPeople && seconds && letter.proposedBy === by)
    return { because: 'secondPersonNeeded', firstPersonId: by };
  if (!seconds) await propose(tx, { id, action, because, by });
  if (!letter.twoPeople || seconds) await carryOut(tx, { id, action, by });
  return (await lockLetter(tx, id, reach)) ?? { because: 'notFound' };
}

/** Letters of one consumer and its relay, newest first; `after` is the last id of the page before. */
export function listDeadLetters(
  tx: Tx,
  wanted: {
    consumer: string;
    status?: DeadLetter['status'];
    first: number;
    after?: string | null;
  } & Reach,
): Promise<DeadLetter[]> {
  return tx.query<DeadLetter[]>(
    `select ${COLUMNS} from mulin.dead_letter
     where consumer in ($1, $1 || '-relay') and ($2::text is null or status = $2)
       and ($3::text is null or id < $3) and ($5 or street is not null)
     order by id desc limit $4`,
    [
      wanted.consumer,
      wanted.status ?? null,
      wanted.after ?? null,
      wanted.first,
      wanted.withoutStreet === true,
    ],
  );
}

export async function countDeadLetters(
  tx: Tx,
  wanted: { consumer: string; status?: DeadLetter['status'] } & Reach,
): Promise<number> {
  const [row] = await tx.query<{ n: number }[]>(
    `select count(*)::int as n from mulin.dead_letter
     where consumer in ($1, $1 || '-relay') and ($2::text is null or status = $2)
       and ($3 or street is not null)`,
    [wanted.consumer, wanted.status ?? null, wanted.withoutStreet === true],
  );
  return row?.n ?? 0;
}

export async function findDeadLetter(
  tx: Tx,
  id: string,
  { withoutStreet = false }: Reach = {},
): Promise<DeadLetter | null> {
  const [letter] = await tx.query<DeadLetter[]>(
    `select ${COLUMNS} from mulin.dead_letter where id = $1 and ($2 or street is not null)`,
    [id, withoutStreet],
  );
  return letter ?? null;
}

async function lockLetter(
  tx: Tx,
  id: string,
  { withoutStreet = false }: Reach,
): Promise<DeadLetter | null> {
  const [letter] = await tx.query<DeadLetter[]>(
    `select ${COLUMNS} from mulin.dead_letter where id = $1 and ($2 or street is not null)
     for no key update`,
    [id, withoutStreet],
  );
  return letter ?? null;
}

async function propose(
  tx: Tx,
  { id, action, because, by }: Omit<Decision, 'expectedTries'>,
): Promise<void> {
  await tx.query(
    `update mulin.dead_letter set proposed_action = $2, proposed_by = $3, proposed_because = $4,
       proposed_at = mulin.now() where id = $1`,
    [id, action, by, because],
  );
}

async function carryOut(
  tx: Tx,
  { id, action, by }: Pick<Decision, 'id' | 'action' | 'by'>,
): Promise<void> {
  await tx.query(
    `update mulin.dead_letter set status = $2, decided_by = $3, decided_at = mulin.now() where id = $1`,
    [id, action === 'replay' ? 'replaying' : 'discarding', by],
  );
}

const COLUMNS = /* sql */ `id, consumer, event_id as "eventId", type, subject, street, topic, partition,
  record_offset as offset, record_key as key, payload_hash as "payloadHash", reason, detail, tries,
  dead_at as "deadAt", status, two_people as "twoPeople", proposed_action as "proposedAction",
  proposed_by as "proposedBy", proposed_because as "proposedBecause", proposed_at as "proposedAt",
  decided_by as "decidedBy", decided_at as "decidedAt"`;
