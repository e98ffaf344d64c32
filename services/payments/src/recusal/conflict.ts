import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import { CivilDateScalar, Refusal } from '@mulin/graphql';
import { Directive, Field, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => PaymentsSchema,
  description:
    'You are, or were within the years of the rule, related to the organisation and keep out (回避).',
})
// Evaluations has the same type for its own steps: one word in the graph for one duty.
@Directive('@shareable')
export class ConflictOfInterest extends Refusal {
  @Field({ description: 'Kind of the recorded relation: director, employee …' })
  relation: string;

  @Field(() => CivilDateScalar, {
    nullable: true,
    description: 'Last day of the duty; null while the relation lasts.',
  })
  until: string | null;

  constructor(facts: { relation: string; until: string | null; article: string }) {
    const { relation, until, article } = facts;
    super(
      { id: 'recusal.employment', article, title: { zh: '回避', en: 'Recusal' } },
      {
        zh: `您与该组织有记录在案的关系（${relation}），${until ? `${until} 前` : '关系存续期间'}须回避。`,
        en: `A recorded relation (${relation}) to the organisation obliges you to recusal ${until ? `until ${until}` : 'while it lasts'}.`,
      },
    );
    this.relation = relation;
    this.until = until;
  }
}

/** Why this person must keep out of the payee's matters today, or nothing. */
export async function conflictOf(
  tx: Tx,
  actor: Actor,
  organisationId: string,
): Promise<ConflictOfInterest | undefined> {
  const [found] = await tx.query<{ kind: string; until: string | null; article: string }[]>(
    `select kind, until::text, article
     from recusal_of($1, $2, (mulin.now() at time zone 'Asia/Shanghai')::date)`,
    [actor.id, organisationId],
  );
  return found && new ConflictOfInterest({ ...found, relation: found.kind });
}
