import { civilDateInShanghai } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { CivilDateScalar, Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { KnownOrganisation } from './known-organisation.entity.js';

export enum BidderBar {
  NOT_VERIFIED = 'notVerified',
  RESTRICTED = 'restricted',
  NOT_INVITED = 'notInvited',
}
registerEnumType(BidderBar, {
  name: 'BidderBar',
  registerIn: () => TendersSchema,
  valuesMap: {
    NOT_VERIFIED: { description: 'Not in the register of the street, or not verified there.' },
    NOT_INVITED: { description: 'A single source: another supplier was noticed and invited.' },
    RESTRICTED: { description: 'A bad record keeps it out until a day (政府采购法 第七十七条).' },
  },
});

const BARS: Record<BidderBar, { article: string; zh: string; en: string }> = {
  notVerified: {
    article: '政府采购法 第二十二条',
    zh: '本单位未经核验登记，不能投标。',
    en: 'Your organisation is not verified in the register and cannot bid.',
  },
  restricted: {
    article: '政府采购法 第七十七条',
    zh: '本单位因不良行为记录被禁止参加政府采购活动，不能投标。',
    en: 'A bad record keeps your organisation from bidding.',
  },
  notInvited: {
    article: '政府采购法 第三十一条',
    zh: '单一来源采购，只有公示的供应商可以应答。',
    en: 'A single source: only the supplier that was noticed may bid.',
  },
};

@ObjectType({
  implements: () => Refusal,
  registerIn: () => TendersSchema,
  description: 'This organisation may not bid today.',
})
export class BidderNotAdmitted extends Refusal {
  @Field(() => ID)
  organisationId: string;

  @Field(() => BidderBar)
  bar: BidderBar;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Last day of the restriction.' })
  until: string | null;

  constructor(organisationId: string, bar: BidderBar, until: string | null) {
    const { article, zh, en } = BARS[bar];
    super(
      { id: 'bid.admission', article, title: { zh: '供应商条件', en: 'Who may bid' } },
      { zh, en },
    );
    this.organisationId = organisationId;
    this.bar = bar;
    this.until = until;
  }
}

/** Why this organisation may not bid today, or nothing. */
export async function mayNotBid(
  tx: Tx,
  organisationId: string,
  at: Date,
): Promise<BidderNotAdmitted | undefined> {
  const known = await tx.findOneBy(KnownOrganisation, { id: organisationId });
  if (!known?.verified) return new BidderNotAdmitted(organisationId, BidderBar.NOT_VERIFIED, null);
  const until = known.restrictedUntil;
  return until !== null && civilDateInShanghai(at) <= until
    ? new BidderNotAdmitted(organisationId, BidderBar.RESTRICTED, until)
    : undefined;
}
