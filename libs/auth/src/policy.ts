import { isStaff, type Actor, type Role } from './actor.js';

/** `anyone`: also people who are not signed in. `signedIn`: any role or none. `staff`: any street role. */
export type Who = Role | 'anyone' | 'signedIn' | 'staff';

/**
 * One service's table of who may do what: permission → who. It is meant to be read aloud.
 * Permissions are `<service>.<noun>.<verb>`; what is not in the table nobody may do.
 */
export type PolicyTable = Readonly<Record<string, readonly Who[]>>;

/** The one question of authorisation by role; rows are a matter of row-level security underneath. */
export function can(policy: PolicyTable, actor: Actor | null, permission: string): boolean {
  if (!Object.hasOwn(policy, permission)) return false;
  return (policy[permission] ?? []).some((who) => {
    if (who === 'anyone') return true;
    if (!actor) return false;
    if (who === 'signedIn') return true;
    if (who === 'staff') return isStaff(actor);
    return actor.roles.includes(who);
  });
}
