import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import {
  changeOnce,
  IdempotencyKeyReused,
  InvalidInput,
  Refusal,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import {
  Args,
  createUnionType,
  Field,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
} from '@nestjs/graphql';
import { failRest } from '../award/fall.js';
import { settleHold } from '../challenge/hold.js';
import { TendersSchema } from '../schema.js';
import { loadTender } from './load-tender.js';
import { Tender } from './tender.entity.js';
import { TenderStepInput } from './tender.inputs.js';
import { TenderState } from './tender.states.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class DeclareTenderFailedInput extends TenderStepInput {
  @Field({
    description: 'A ground of 政府采购法 第三十六条: illegality, allAboveBudget, taskCancelled.',
  })
  reasonCode: string;
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A tender fails on a ground of the law only.',
})
export class FailingReasonUnknown extends Refusal {
  @Field(() => [String], { description: 'Grounds there are.' })
  known: string[];

  constructor(known: string[]) {
    super(
      {
        id: 'tender.failing',
        article: '政府采购法 第三十六条',
        title: { zh: '废标须有法定情形', en: 'A tender fails on legal grounds only' },
      },
      { zh: '没有这种废标情形。', en: 'There is no such ground.' },
    );
    this.known = known;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Nobody can say of prices that are sealed that they are too high.',
})
export class PricesStillSealed extends Refusal {
  constructor(article: string) {
    super(
      {
        id: 'tender.failingByPrice',
        article,
        title: { zh: '报价开启后方可认定', en: 'Prices are judged when they are open' },
      },
      {
        zh: '报价尚未开启，不能以此情形废标。',
        en: 'The prices are still sealed: a tender does not fail on this ground before they are opened.',
      },
    );
  }
}

export const DeclareTenderFailedResult = createUnionType({
  name: 'DeclareTenderFailedResult',
  registerIn,
  types: () =>
    [
      Tender,
      FailingReasonUnknown,
      PricesStillSealed,
      SecondPersonNeeded,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

/** 废标 by the buyer: a public tender that cannot go on, by somebody who did not write its file. */
@Injectable()
export class FailingService {
  constructor(@Inject(Database) private readonly database: Database) {}

  declare(actor: Actor, input: DeclareTenderFailedInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const { expectedVersion, reasonCode } = input;
          if (!tender.mayBeFailed() || expectedVersion !== tender.version)
            return tender.conflict(expectedVersion, 'fail', TenderState.FAILED);
          const grounds = await groundsOf(tx);
          const ground = grounds.find(({ code }) => code === reasonCode);
          if (!ground) return new FailingReasonUnknown(grounds.map(({ code }) => code));
          if (ground.takesPrices && !PRICES_ARE_OPEN.includes(tender.state))
            return new PricesStillSealed(ground.article);
          if (tender.writtenBy.includes(actor.id))
            return new SecondPersonNeeded({
              ...{ firstPersonId: actor.id, step: 'draftTender / declareTenderFailed' },
            });
          const at = await now(tx);
          if (!(await failRest(tx, tender, at, reasonCode)))
            return tender.conflict(expectedVersion, 'fail', TenderState.FAILED);
          await settleHold(tx, tender, at);
          return tender;
        },
      ),
    );
  }
}

interface Ground {
  code: string;
  article: string;
  /** It speaks of prices, so they must have been opened. */
  takesPrices: boolean;
}

/** What the buyer may declare; what only an opening finds out is not among it. */
function groundsOf(tx: Tx): Promise<Ground[]> {
  return tx.query<Ground[]>(
    `select code, article, takes_prices as "takesPrices" from failing_reason_in_force
     where declared order by code`,
  );
}

/** From here on every price that counts has been opened. */
const PRICES_ARE_OPEN = [TenderState.EVALUATING, TenderState.RESULT_NOTICE];

@Resolver(() => Tender)
export class FailingResolver {
  constructor(@Inject(FailingService) private readonly failing: FailingService) {}

  @Mutation(() => DeclareTenderFailedResult, {
    description:
      'Declares a published tender failed (废标) on a ground of the law; not by who wrote its file. Bids that are sealed stay so; its plan is free again, unless a lot is awarded: then only the other lots fail.',
  })
  @Allow('tenders.tender.publish')
  declareTenderFailed(
    @Args('input') input: DeclareTenderFailedInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.failing.declare(actor, input);
  }
}
