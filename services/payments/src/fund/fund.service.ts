import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import {
  changeOnce,
  checkText,
  createOnce,
  InvalidInput,
  NotFound,
  paginate,
} from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { FUND_ACCOUNTS } from '../ledger/chart.js';
import { openAccounts, post } from '../ledger/post.js';
import { Appropriation } from './appropriation.entity.js';
import { Fund, FundState } from './fund.entity.js';
import { fundAppropriated, fundClosed, fundOpened } from './fund.events.js';
import type {
  AppropriateInput,
  ApproveAppropriationInput,
  CloseFundInput,
  FundsArgs,
  OpenFundInput,
} from './fund.inputs.js';
import { FundClosed } from './fund.refusals.js';

/** One method is one use case is one transaction. */
@Injectable()
export class FundService {
  constructor(@Inject(Database) private readonly database: Database) {}

  open(actor: Actor, input: OpenFundInput) {
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'Fund', load: (id) => load(tx, id) }, async () => {
        if (input.fiscalYear < 2000 || input.fiscalYear > 2999) {
          const given = String(input.fiscalYear);
          return new InvalidInput('input.fiscalYear', { problem: 'OUT_OF_RANGE', given });
        }
        const unfit = checkText('input.title', input.title, 200);
        if (unfit) return unfit;
        const fund = Fund.open({ ...input, street: actor.street, openedBy: actor.id });
        await tx.insert(Fund, fund);
        await openAccounts(
          tx,
          FUND_ACCOUNTS.map((kind) => ({ kind, place: fund.place })),
        );
        await append(tx, fundOpened(fund));
        return fund;
      }),
    );
  }

  close(actor: Actor, input: CloseFundInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Fund', load: (id) => load(tx, id) }, async () => {
        const fund = await load(tx, input.id, 'for_no_key_update');
        const refusal = fund.close(input.expectedVersion);
        if (refusal) return refusal;
        await append(tx, fundClosed(fund));
        return tx.save(fund);
      }),
    );
  }

  appropriate(actor: Actor, input: AppropriateInput) {
    const found = (tx: Tx) => (id: string) => loadAppropriation(tx, id);
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'Appropriation', load: found(tx) }, async () => {
        if (input.amount === 0n) {
          return new InvalidInput('input.amount', { problem: 'ZERO', given: '0' });
        }
        const unfit = checkText('input.document', input.document, 200);
        if (unfit) return unfit;
        const fund = await load(tx, input.fundId);
        if (fund.state === FundState.CLOSED) return new FundClosed(fund.id);
        const { amount: amountFen, ...facts } = input;
        const made = { ...facts, amountFen, street: actor.street, proposedBy: actor.id };
        const appropriation = Appropriation.propose(made);
        await tx.insert(Appropriation, appropriation);
        return appropriation;
      }),
    );
  }

  approveAppropriation(actor: Actor, input: ApproveAppropriationInput) {
    const found = (tx: Tx) => (id: string) => loadAppropriation(tx, id);
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Appropriation', load: found(tx) }, async () => {
        const appropriation = await loadAppropriation(tx, input.id, 'for_no_key_update');
        const fund = await load(tx, appropriation.fundId, 'for_no_key_update');
        if (fund.state === FundState.CLOSED) return new FundClosed(fund.id);
        const refusal = appropriation.approve(actor.id, input.expectedVersion);
        if (refusal) return refusal;
        fund.received();
        await tx.save(appropriation);
        await tx.save(fund);
        await append(tx, fundAppropriated(fund, appropriation));
        await post(tx, [
          {
            place: fund.place,
            from: 'appropriation',
            to: 'available',
            fen: appropriation.amountFen,
            cause: { type: 'appropriation', id: appropriation.id },
          },
        ]);
        return appropriation;
      }),
    );
  }

  one(actor: Actor, id: string): Promise<Fund> {
    return this.database.read(actor, (tx) => load(tx, id));
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<Fund[]> {
    return this.database.read(actor, (tx) => tx.findBy(Fund, { id: In([...ids]) }));
  }

  appropriationsOf(actor: Actor | null, fundIds: readonly string[]): Promise<Appropriation[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Appropriation, { where: { fundId: In([...fundIds]) }, order: { id: 'ASC' } }),
    );
  }

  page(actor: Actor, { filter, orderBy, ...page }: FundsArgs) {
    return paginate<Fund>({
      read: (work) => this.database.read(actor, work),
      alias: 'fund',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Fund, 'fund').where('true');
        if (filter?.fiscalYear)
          query.andWhere('fund.fiscalYear = :year', { year: filter.fiscalYear });
        if (filter?.state)
          query.andWhere('fund.state in (:...states)', { states: filter.state.in });
        return query;
      },
    });
  }
}

type Lock = 'for_no_key_update';

async function load(tx: Tx, id: string, mode?: Lock): Promise<Fund> {
  const fund = await tx.findOne(Fund, { where: { id }, lock: mode && { mode } });
  if (!fund) throw new NotFound('fund', id);
  return fund;
}

async function loadAppropriation(tx: Tx, id: string, mode?: Lock): Promise<Appropriation> {
  const found = await tx.findOne(Appropriation, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('appropriation', id);
  return found;
}
