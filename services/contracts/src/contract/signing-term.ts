import { type Deadline, dayDeadline } from '@mulin/clock';
import { loadedCalendar, now, type Tx } from '@mulin/database';

/**
 * Until when a contract must be signed: civil days by the law in force, the first not counted, the last until 24:00 in
 * Shanghai or of the next working day. The term of an awarded one begins with the award notice, whatever becomes of its
 * money (政府采购法 第四十六条); of another, now, with the money that is reserved.
 */
export async function signingDeadline(tx: Tx, noticedAt?: Date): Promise<Deadline> {
  const from = noticedAt ?? (await now(tx));
  const [term] = await tx.query<{ days: number }[]>(
    `select days from legal_term
     where code = 'signing' and in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
     order by in_force_from desc limit 1`,
  );
  if (!term) throw new Error('No law says how long both sides have to sign.');
  const calendar = await loadedCalendar(tx);
  return dayDeadline({ from, days: term.days, calendar });
}
