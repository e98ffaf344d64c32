import { readFileSync } from 'node:fs';
import type { Database } from '@mulin/database';
import { hashPassword, KNOWN_TO_ALL } from './password/password.js';

/** A login that everybody may know, for a machine that only its owner reaches. */
export interface DemoAccount {
  /** The login. */
  account: string;
  id: string;
  personId: string;
  street: string;
  organisation: string | null;
  roles: string[];
  password: string;
}

export function readDemoAccounts(file: string): DemoAccount[] {
  // Our own file, infra/dev/demo-accounts.json; a wrong one breaks on the constraints of the table.
  return JSON.parse(readFileSync(file, 'utf8')) as DemoAccount[];
}

/** Loads demo accounts that are not there yet. An account that was changed stays as it is. */
export async function seedDemoAccounts(
  database: Database,
  accounts: readonly DemoAccount[],
): Promise<void> {
  const known = await database.consumer.query<{ id: string }[]>(
    'select id from account where id = any($1)',
    [accounts.map(({ id }) => id)],
  );
  const there = new Set(known.map(({ id }) => id));
  const missing = accounts.filter(({ id }) => !there.has(id));
  if (missing.length === 0) return;
  const hashes = await Promise.all(
    missing.map(({ password }) => hashPassword(password, KNOWN_TO_ALL)),
  );
  await database.asSystem(async (tx) => {
    for (const [index, each] of missing.entries()) {
      await tx.query(
        `insert into account (id, person_id, login, street, organisation_id, roles, state, registered_by, version)
         values ($1, $2, $3, $4, $5, $6, 'active', 'demo', 1) on conflict do nothing`,
        [each.id, each.personId, each.account, each.street, each.organisation, each.roles],
      );
      await tx.query(
        `insert into credential (account_id, password_hash)
         select id, $2 from account where id = $1 on conflict do nothing`,
        [each.id, hashes[index]],
      );
    }
  });
}
