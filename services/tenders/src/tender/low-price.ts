import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { LowPriceTerms, ProcedureTerms } from '../procedure/procedure.js';
import { TendersSchema } from '../schema.js';

/** Where a tender file asks for an explanation sooner, or gives more time for it, than its procedure does. */
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'Where a tender file asks for an explanation of a low price sooner, or gives more time, than its procedure. Null: as the procedure says.',
})
export class TenderLowPrice {
  @Field(() => Int, { nullable: true, description: 'Of the mean price. Basis points.' })
  meanShare: number | null;

  @Field(() => Int, { nullable: true, description: 'Of the second lowest price. Basis points.' })
  secondLowestShare: number | null;

  @Field(() => Int, { nullable: true, description: 'Of the ceiling or budget. Basis points.' })
  limitShare: number | null;

  @Field(() => Int, { nullable: true, description: 'Minutes to explain.' })
  explainMinutes: number | null;
}

export const SHARES = ['meanShare', 'secondLowestShare', 'limitShare'] as const;

/** The rule that prices of this tender are looked at by. */
export function lowPriceRule(
  { lowPrice }: { lowPrice: TenderLowPrice | null },
  { abnormallyLow }: ProcedureTerms,
): LowPriceTerms {
  return {
    ...abnormallyLow,
    meanShare: lowPrice?.meanShare ?? abnormallyLow.meanShare,
    secondLowestShare: lowPrice?.secondLowestShare ?? abnormallyLow.secondLowestShare,
    limitShare: lowPrice?.limitShare ?? abnormallyLow.limitShare,
    explainMinutes: lowPrice?.explainMinutes ?? abnormallyLow.explainMinutes,
  };
}

/** What of it the procedure does not allow: a share is raised within its bounds, never lowered; time only added. */
export function lowPriceBroken(lowPrice: TenderLowPrice, terms: LowPriceTerms): boolean {
  const shares = SHARES.some((name) => {
    const [wanted, least, most] = [lowPrice[name], terms[name], terms.mostShare];
    return wanted !== null && (least === null || most === null || wanted < least || wanted > most);
  });
  return shares || (lowPrice.explainMinutes ?? terms.explainMinutes) < terms.explainMinutes;
}
