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
import { append } from '@mulin/messaging';
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
import { settleHold } from '../challenge/hold.js';
import { tenderFailed } from '../opening/opening.events.js';
import { TendersSchema } from '../schema.js';
import { releasePlan } from './drafting.service.js';
import { loadTender } from './load-tender.js';
import { Tender } from './tender.entity.js';
import { TenderStepInput } from './tender.inputs.js';
import { NEXT, TenderState } from './tender.states.js';

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

export const DeclareTenderFailedResult = createUnionType({
  name: 'DeclareTenderFailedResult',
  registerIn,
  types: () =>
    [
      Tender,
      FailingReasonUnknown,
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
          if (
            !NEXT[tender.state].includes(TenderState.FAILED) ||
            expectedVersion !== tender.version
          )
            return tender.conflict(expectedVersion, 'fail');
          const known = await grounds(tx);
          if (!known.includes(reasonCode)) return new FailingReasonUnknown(known);
          if (tender.writtenBy.includes(actor.id))
            return new SecondPersonNeeded({
              ...{ firstPersonId: actor.id, step: 'draftTender / declareTenderFailed' },
            });
          const at = await now(tx);
          tender.fail(reasonCode);
          await tx.save(tender);
          await releasePlan(tx, tender);
          await append(tx, tenderFailed(tender, at));
          await settleHold(tx, tender, at);
          return tender;
        },
      ),
    );
  }
}

async function grounds(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ code: string }[]>(
    'select code from failing_reason_in_force order by code',
  );
  return rows.map(({ code }) => code);
}

@Resolver(() => Tender)
export class FailingResolver {
  constructor(@Inject(FailingService) private readonly failing: FailingService) {}

  @Mutation(() => DeclareTenderFailedResult, {
    description:
      'Declares a published tender failed (废标) on a ground of the law; not by who wrote its file. Bids that are sealed stay so; its plan is free again.',
  })
  @Allow('tenders.tender.publish')
  declareTenderFailed(
    @Args('input') input: DeclareTenderFailedInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.failing.declare(actor, input);
  }
}
