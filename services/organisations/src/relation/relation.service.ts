import type { Actor } from '@mulin/auth';
import { civilDateInShanghai } from '@mulin/clock';
import { Database, isRefusal, now, type Tx } from '@mulin/database';
import { RelationEnded, RelationRecorded } from '@mulin/events';
import {
  BadUserInput,
  changeOnce,
  createOnce,
  InvalidInput,
  NotFound,
  paginate,
  type PageArgs,
} from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Organisation } from '../organisation/organisation.entity.js';
import { Person } from '../person/person.entity.js';
import { Relation } from './relation.entity.js';
import type {
  ConfirmRelationInput,
  EndRelationInput,
  ProposeRelationEndInput,
  RecordRelationInput,
  WithdrawRelationInput,
} from './relation.inputs.js';

@Injectable()
export class RelationService {
  constructor(@Inject(Database) private readonly database: Database) {}

  record(actor: Actor, input: RecordRelationInput) {
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'Relation', load: (id) => load(tx, id) }, () =>
        recordRelation(tx, actor, { ...input, to: input.to ?? null }),
      ),
    );
  }

  confirm(actor: Actor, input: ConfirmRelationInput) {
    return this.change(actor, input, async (tx, relation) => {
      const { expectedVersion } = input;
      const refusal = relation.confirm({ by: actor.id, at: await now(tx), expectedVersion });
      if (refusal) return refusal;
      await tx.save(relation);
      const { id: relationId, personId, organisationId, kind, from, to } = relation;
      await append(tx, {
        type: RelationRecorded,
        aggregateId: relationId,
        aggregateVersion: relation.events,
        street: relation.street,
        payload: { relationId, personId, organisationId, kind, from, to },
      });
      return relation;
    });
  }

  /** Nothing was told of it, so nothing is told now. */
  withdraw(actor: Actor, input: WithdrawRelationInput) {
    return this.change(actor, input, async (tx, relation) => {
      const { expectedVersion } = input;
      const refusal = relation.withdraw({ by: actor.id, at: await now(tx), expectedVersion });
      return refusal ?? tx.save(relation);
    });
  }

  proposeEnd(actor: Actor, input: ProposeRelationEndInput) {
    return this.change(actor, input, async (tx, relation) => {
      const { to, expectedVersion } = input;
      if (to > civilDateInShanghai(await now(tx))) {
        return new InvalidInput('input.to', { problem: 'OUT_OF_RANGE', given: to });
      }
      const refusal = relation.proposeEnd({ by: actor.id, to, expectedVersion });
      return refusal ?? tx.save(relation);
    });
  }

  end(actor: Actor, input: EndRelationInput) {
    return this.change(actor, input, async (tx, relation) => {
      const { expectedVersion } = input;
      const ended = relation.end({ by: actor.id, at: await now(tx), expectedVersion });
      if (isRefusal(ended)) return ended;
      await tx.save(relation);
      const { id: relationId, personId, organisationId } = relation;
      await append(tx, {
        type: RelationEnded,
        aggregateId: relationId,
        aggregateVersion: relation.events,
        street: relation.street,
        payload: { relationId, personId, organisationId, to: ended.to },
      });
      return relation;
    });
  }

  many(actor: Actor, ids: readonly string[]): Promise<Relation[]> {
    return this.database.read(actor, (tx) => tx.findBy(Relation, { id: In([...ids]) }));
  }

  page(
    actor: Actor,
    of: {
      organisationId: string | undefined;
      personId: string | undefined;
      confirmed: boolean | undefined;
    },
    page: PageArgs,
  ) {
    // What waits for a second person is a short list, and whoever confirms must find it.
    if (!of.organisationId && !of.personId && of.confirmed !== false) throw new BadUserInput(WHOSE);
    return paginate<Relation>({
      read: (work) => this.database.read(actor, work),
      alias: 'relation',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(Relation, 'relation').where('true');
        for (const field of ['organisationId', 'personId'] as const) {
          const id = of[field];
          if (id) query.andWhere(`relation.${field} = :${field}`, { [field]: id });
        }
        if (of.confirmed === true) query.andWhere('relation.confirmedAt is not null');
        if (of.confirmed === false)
          query.andWhere('relation.confirmedAt is null and relation.withdrawnAt is null');
        return query;
      },
    });
  }

  private change<R>(
    actor: Actor,
    input: ConfirmRelationInput,
    work: (tx: Tx, relation: Relation) => Promise<Relation | R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Relation', load: (id) => load(tx, id) }, async () =>
        work(tx, await load(tx, input.id, 'for_no_key_update')),
      ),
    );
  }
}

const WHOSE = {
  zh: '请指明组织或人员。',
  en: 'Say of which organisation or of which person.',
};

/** Records a relation, in the caller's transaction; posts do it too. It is told when a second person confirms it. */
export async function recordRelation(
  tx: Tx,
  actor: Actor,
  facts: Omit<Parameters<typeof Relation.record>[0], 'street' | 'recordedBy'>,
) {
  await mustSee(tx, facts);
  const relation = Relation.record({ ...facts, street: actor.street, recordedBy: actor.id });
  if (!(relation instanceof Relation)) return relation;
  await tx.insert(Relation, relation);
  return relation;
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Relation> {
  const relation = await tx.findOne(Relation, { where: { id }, lock: mode && { mode } });
  if (!relation) throw new NotFound('relation', id);
  return relation;
}

async function mustSee(tx: Tx, facts: { personId: string; organisationId: string }) {
  if (!(await tx.existsBy(Person, { id: facts.personId })))
    throw new NotFound('person', facts.personId);
  if (!(await tx.existsBy(Organisation, { id: facts.organisationId }))) {
    throw new NotFound('organisation', facts.organisationId);
  }
}
