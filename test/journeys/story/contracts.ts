import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import type { World } from '../world.js';
import { AMOUNT, RULE } from './rule.js';

/** Money as GraphQL writes it. */
export interface Fen {
  fen: string;
}

export interface Agreement {
  id: string;
  organisationId: string;
  manager: Actor;
  fundId: string;
  /** The first, and only, evaluated instalment. */
  instalmentId: string;
}

export interface Terms {
  fundId: string;
  provider: { id: string; manager: Actor };
  title?: string;
  amount?: bigint;
  rule?: object;
  /** An advance of this much besides. */
  advance?: bigint;
}

/** Writes the terms: one instalment for the first quarter of 2026, and an advance where one is wanted. */
export async function draft(world: World, terms: Terms): Promise<Agreement> {
  const {
    fundId,
    provider,
    amount = AMOUNT,
    advance = 0n,
    title = '亲子活动室试点（虚构）',
  } = terms;
  const id = newId('con');
  const instalmentId = newId('ins');
  const period = { periodFrom: '2026-01-05', periodTo: '2026-03-31' };
  const before = advance
    ? [{ id: newId('ins'), no: 1, kind: 'ADVANCE', amount: String(advance), fundId }]
    : [];
  const evaluated = {
    id: instalmentId,
    kind: 'EVALUATED',
    amount: String(amount),
    fundId,
    ...period,
  };
  const input = {
    id,
    organisationId: provider.id,
    title,
    amount: String(amount + advance),
    from: '2026-01-05',
    to: '2026-03-31',
    rule: terms.rule ?? RULE,
    obligations: [{ code: 'hotline-response', title: '96890 及时响应' }],
    instalments: [...before, { ...evaluated, no: before.length + 1 }],
  };
  // The register's news of a verified organisation travels as an event.
  await eventually(async () => {
    const drafted = await world.do(world.people.officer, 'draftContract', input);
    if (drafted.__typename !== 'Contract') throw new Error(JSON.stringify(drafted));
  });
  return { id, organisationId: provider.id, manager: provider.manager, fundId, instalmentId };
}

interface ContractNow {
  state: string;
  version: number;
  textHash: string;
  fundsRefusal: { code: string; requested: Fen; remaining: Fen | null } | null;
}
export async function contractNow(world: World, id: string): Promise<ContractNow> {
  const { contract } = await world.answer<{ contract: ContractNow }>(
    world.people.auditor,
    `query ($id: ID!) { contract(id: $id) { state version textHash
      fundsRefusal { code requested { fen } remaining { fen } } } }`,
    { id },
  );
  return contract;
}

/** Waits until the contract is in that state: facts travel from service to service as events. */
export function contractBecomes(world: World, id: string, state: string): Promise<ContractNow> {
  return eventually(
    async () => {
      const now = await contractNow(world, id);
      if (now.state !== state) throw new Error(`the contract is ${now.state}, not ${state}`);
      return now;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

export async function requestFunds(world: World, id: string): Promise<void> {
  await world.mustStep(world.people.officer, 'requestFunds', id);
}

/** Both sides sign what is in front of them. */
export async function sign(world: World, { id, manager }: Agreement): Promise<void> {
  const { textHash } = await contractNow(world, id);
  await world.mustStep(world.people.approver, 'signContract', id, { side: 'BUYER', textHash });
  await world.mustStep(manager, 'signContract', id, { side: 'PROVIDER', textHash });
}

/** From nothing to a signed contract whose terms every service knows. */
export async function signedContract(world: World, terms: Terms): Promise<Agreement> {
  const agreement = await draft(world, terms);
  await requestFunds(world, agreement.id);
  await contractBecomes(world, agreement.id, 'FUNDED');
  await sign(world, agreement);
  return agreement;
}
