import { randomInt } from 'node:crypto';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { creditCodeCheck } from '../../../services/organisations/src/organisation/credit-code.js';
import { person, type World } from '../world.js';

let organisations = 0;

/** A registered and verified organisation, and its manager. */
export async function organisation(
  world: World,
  { name = `公益社（虚构）${(organisations += 1)}` }: { name?: string } = {},
): Promise<{ id: string; manager: Actor }> {
  const { officer, approver } = world.people;
  const id = newId('org');
  const type = 'SERVICE_ORGANISATION';
  await world.must(officer, 'registerOrganisation', { id, type, name, creditCode: creditCode() });
  await world.mustStep(approver, 'verifyOrganisation', id);
  return { id, manager: person('organisationManager', { organisation: id }) };
}

/** A code that nobody else has, with its right check digit. */
export function creditCode(): string {
  const first17 = `52310110MJ5${String(randomInt(1_000_000)).padStart(6, '0')}`;
  return `${first17}${creditCodeCheck(first17)}`;
}

/** A fund of 2026 with that much money in it. */
export async function fund(world: World, fen: bigint): Promise<string> {
  const id = newId('fun');
  const { officer } = world.people;
  await world.must(officer, 'openFund', { id, fiscalYear: 2026, title: '睦邻中心公益服务' });
  if (fen > 0n) await appropriate(world, { fundId: id, fen });
  return id;
}

export async function appropriate(
  world: World,
  { fundId, fen }: { fundId: string; fen: bigint },
): Promise<void> {
  const { officer, approver } = world.people;
  const id = newId('apr');
  const facts = { id, fundId, amount: String(fen), document: '延街财〔2026〕1 号（虚构）' };
  await world.must(officer, 'appropriate', facts);
  await world.mustStep(approver, 'approveAppropriation', id);
}
