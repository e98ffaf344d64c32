import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import {
  changeOnce,
  checkText,
  IdempotencyKeyReused,
  InvalidInput,
  StateConflict,
} from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { Args, createUnionType, Field, ID, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { BidState } from '../bid/bid.entity.js';
import { loadBid } from '../bid/bid.service.js';
import { CommitteeMember, CommitteeState, TenderCommittee } from '../committee/committee.entity.js';
import { CommitteeStepInput } from '../committee/committee.inputs.js';
import { MustRecuse, NotOnCommittee, SeatsVacant } from '../committee/committee.refusals.js';
import { loadCommittee, lockBoth, seatOf } from '../committee/load-committee.js';
import { procedureOf } from '../procedure/procedure.js';
import { TendersSchema } from '../schema.js';
import { lowPriceRule } from '../tender/low-price.js';
import { TenderState } from '../tender/tender.states.js';
import { PriceExplanation } from './scoring.entity.js';

const registerIn = () => TendersSchema;
const MINUTE_MS = 60_000;

@InputType({ registerIn })
export class AskForPriceExplanationInput extends CommitteeStepInput {
  @Field(() => ID)
  bidId: string;

  @Field({ description: 'Why the price seems too low to keep to; at most 1,000.' })
  because: string;
}

export const AskForPriceExplanationResult = createUnionType({
  name: 'AskForPriceExplanationResult',
  registerIn,
  types: () =>
    [
      TenderCommittee,
      NotOnCommittee,
      MustRecuse,
      SeatsVacant,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

/** No share says it, but a member who knows the field doubts a price: the bidder explains it like any other. */
@Injectable()
export class AskForPriceService {
  constructor(@Inject(Database) private readonly database: Database) {}

  ask(actor: Actor, input: AskForPriceExplanationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const unfit = checkText('input.because', input.because, 1_000);
          if (unfit) return unfit;
          const { tender, committee } = await lockBoth(tx, input.id, 'for_no_key_update');
          if (
            tender.state !== TenderState.EVALUATING ||
            committee.state !== CommitteeState.SCORING ||
            input.expectedVersion !== committee.version
          )
            return committee.conflict(input.expectedVersion, 'askForPriceExplanation');
          const seat = await seatOf(tx, actor, committee);
          if (!(seat instanceof CommitteeMember)) return seat;
          const bid = await loadBid(tx, input.bidId);
          const known = await tx.existsBy(PriceExplanation, { bidId: bid.id });
          if (bid.tenderId !== tender.id || bid.state !== BidState.COMPLIANT || known)
            return bid.conflict(bid.version, 'askForPriceExplanation');
          const askedAt = await now(tx);
          const { explainMinutes } = lowPriceRule(tender, (await procedureOf(tx, tender)).terms);
          await tx.insert(PriceExplanation, {
            ...{ bidId: bid.id, street: bid.street, tenderId: tender.id, askedAt },
            ...{ organisationId: bid.organisationId, committeeId: committee.id },
            dueAt: new Date(askedAt.getTime() + explainMinutes * MINUTE_MS),
            triggers: [{ code: 'judgement', share: 0, ofFen: '0', count: 0 }],
            ...{ askedBecause: input.because, askedByMember: seat.id },
            ...{ text: null, answeredAt: null, accepted: null, decidedAt: null },
          });
          return committee;
        },
      ),
    );
  }
}

@Resolver(() => TenderCommittee)
export class AskForPriceResolver {
  constructor(@Inject(AskForPriceService) private readonly prices: AskForPriceService) {}

  @Mutation(() => AskForPriceExplanationResult, {
    description: 'A member asks for an explanation of a price that no share names, with a reason.',
  })
  @Allow('tenders.committee.sit')
  askForPriceExplanation(
    @Args('input') input: AskForPriceExplanationInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.prices.ask(actor, input);
  }
}
