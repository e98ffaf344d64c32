import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { eventually, type TestService, testService } from '@mulin/testing';
import { FundsRequestedHandler } from '../src/commitment/funds-requested.js';
import { EvaluationFinalisedHandler } from '../src/decision/evaluation-finalised.js';
import { boot, migrations, serviceName } from '../src/index.js';
import { ContractSignedHandler } from '../src/term/contract-signed.js';
import { brokenChecks, ContractStory, key, person, received } from './builders.js';
import * as ask from './operations.js';

export type Answer = Record<string, Record<string, unknown>>;
export type ContractFacts = Partial<ConstructorParameters<typeof ContractStory>[0]>;

export interface EvaluatedFacts extends ContractFacts {
  score?: number;
  breaches?: { id: string; obligation: string }[];
}

/** The people of the street office. */
export const officer = person(['streetOfficer']);
export const approver = person(['streetApprover']);
export const otherApprover = person(['streetApprover']);
export const cashier = person(['cashier']);
export const auditor = person(['auditor']);
export const elsewhere = person(['streetOfficer', 'streetApprover', 'auditor'], {
  street: '310110016',
});

/** A change of a row whose version the caller saw. */
export const step = (id: string, expectedVersion: number) => ({
  id,
  expectedVersion,
  idempotencyKey: key(),
});

/** The payments service over HTTP, with a fund and with events that have arrived already. */
export class Desk {
  private constructor(
    readonly mulin: TestService,
    readonly fundId: string,
  ) {}

  static async open(): Promise<Desk> {
    const mulin = await testService({ serviceName, boot, migrations });
    return new Desk(mulin, await openFund(mulin, 10_000_000_000n));
  }

  /** Ends the service and answers the checks that its database breaks. */
  async close(): Promise<string[]> {
    const broken = await brokenChecks(this.mulin.database);
    await this.mulin.stop();
    return broken;
  }

  mutate(actor: Actor, query: string, input: object): Promise<Record<string, unknown>> {
    return mutate(this.mulin, actor, query, input);
  }

  /** As a frontend does when it is crowded: the same request again, until there is an answer. */
  insist(actor: Actor, query: string, input: object): Promise<Record<string, unknown>> {
    return eventually(() => this.mutate(actor, query, input), { withinMs: 30_000 });
  }

  openFund(amount: bigint): Promise<string> {
    return openFund(this.mulin, amount);
  }

  asConsumer<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.mulin.service.database.asSystem(work);
  }

  /** Has a contract's money reserved, as by its event. */
  async reserved(facts: ContractFacts = {}): Promise<ContractStory> {
    const contract = new ContractStory({ fundId: this.fundId, ...facts });
    await this.asConsumer((tx) =>
      new FundsRequestedHandler().handle([received(contract.requested())], { tx }),
    );
    return contract;
  }

  async signed(facts: ContractFacts = {}): Promise<ContractStory> {
    const contract = await this.reserved(facts);
    await this.asConsumer((tx) =>
      new ContractSignedHandler().handle([received(contract.signed())], { tx }),
    );
    return contract;
  }

  async evaluated(contract: ContractStory, facts: Parameters<ContractStory['finalised']>[0]) {
    const event = received(contract.finalised(facts));
    await this.asConsumer((tx) => new EvaluationFinalisedHandler().handle([event], { tx }));
    return event.payload.evaluationId;
  }

  /** A contract that was signed and evaluated; answers the decision's id and what it released. */
  async decided({ score = 8500, breaches = [], ...facts }: EvaluatedFacts = {}) {
    const contract = await this.signed(facts);
    await this.evaluated(contract, { score, breaches });
    const [row] = await this.mulin.database.query<{ id: string; fen: string }>(
      'select id, posted_released_fen as fen from decision where contract_id = $1',
      [contract.id],
    );
    return { contract, decisionId: row?.id ?? '', released: row?.fen ?? '' };
  }

  invoice(decision: { decisionId: string; released: string }, more: object = {}) {
    return {
      id: newId('pay'),
      decisionId: decision.decisionId,
      invoiceNumber: key(),
      invoiceDate: '2026-01-05',
      invoiceAmount: decision.released,
      ...more,
    };
  }

  async drafted(facts: EvaluatedFacts = {}) {
    const decision = await this.decided(facts);
    const input = this.invoice(decision);
    const order = await this.mutate(officer, ask.DRAFT_ORDER, input);
    return { ...decision, input, order, id: input.id };
  }

  async approved(facts: EvaluatedFacts = {}) {
    const draft = await this.drafted(facts);
    await this.mutate(approver, ask.APPROVE_ORDER, step(draft.id, 1));
    return draft;
  }
}

async function mutate(mulin: TestService, actor: Actor, query: string, input: object) {
  const answer = await mulin.answer<Answer>(actor, query, { input });
  return Object.values(answer)[0] ?? {};
}

async function openFund(mulin: TestService, amount: bigint): Promise<string> {
  const id = newId('fun');
  await mutate(mulin, officer, ask.OPEN_FUND, { id, fiscalYear: 2999, title: '睦邻中心运营' });
  const apr = newId('apr');
  const document = '杨财预〔2026〕1号';
  const brought = { id: apr, fundId: id, amount: amount.toString(), document };
  await mutate(mulin, officer, ask.APPROPRIATE, brought);
  await mutate(mulin, approver, ask.APPROVE_APPROPRIATION, step(apr, 1));
  return id;
}
