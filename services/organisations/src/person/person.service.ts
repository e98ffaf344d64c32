import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { checkText, createOnce, NotFound, paginate } from '@mulin/graphql';
import { PersonRegistered } from '@mulin/events';
import { newId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Relation } from '../relation/relation.entity.js';
import { recordRelation } from '../relation/relation.service.js';
import { Person, Post, RELATION_OF_POST } from './person.entity.js';
import type { PersonsArgs, RecordPostInput, RegisterPersonInput } from './person.inputs.js';

@Injectable()
export class PersonService {
  constructor(@Inject(Database) private readonly database: Database) {}

  register(actor: Actor, input: RegisterPersonInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Person', load: (id) => loadPerson(tx, id) },
        async () => {
          const { id, name } = input;
          const unfit = checkText('input.name', name, 100);
          if (unfit) return unfit;
          const person = Object.assign(new Person(), {
            id,
            name,
            street: actor.street,
            registeredBy: actor.id,
            version: 1,
          });
          await tx.insert(Person, person);
          await append(tx, {
            type: PersonRegistered,
            ...{ aggregateId: id, aggregateVersion: 1, street: person.street },
            payload: { personId: id },
          });
          return person;
        },
      ),
    );
  }

  /** A post makes a relation: whoever holds or held it recuses from its matters, once a second person confirmed it. */
  recordPost(actor: Actor, input: RecordPostInput) {
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'Post', load: (id) => loadPost(tx, id) }, async () => {
        const relation = await recordRelation(tx, actor, {
          id: newId('rel'),
          personId: input.personId,
          organisationId: input.organisationId,
          kind: RELATION_OF_POST[input.role],
          from: input.from,
          to: input.to ?? null,
        });
        if (!(relation instanceof Relation)) return relation;
        const { id, personId, organisationId, role } = input;
        const post = Object.assign(new Post(), {
          id,
          personId,
          organisationId,
          role,
          street: actor.street,
          relationId: relation.id,
        });
        await tx.insert(Post, post);
        return post;
      }),
    );
  }

  persons(actor: Actor, { filter, ...page }: PersonsArgs) {
    return paginate<Person>({
      read: (work) => this.database.read(actor, work),
      alias: 'person',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(Person, 'person').where('true');
        const { name, organisationId } = filter ?? {};
        if (name) query.andWhere('position(:name in person.name) > 0', { name });
        if (organisationId) {
          const held = 'post.person_id = person.id and post.organisation_id = :organisationId';
          const post = 'post join relation on relation.id = post.relation_id';
          query.andWhere(`exists (select from ${post} where ${held} and ${STANDS})`, {
            organisationId,
          });
        }
        return query;
      },
    });
  }

  postsOf(actor: Actor, organisationIds: readonly string[]): Promise<Post[]> {
    return this.database.read(actor, (tx) =>
      tx
        .createQueryBuilder(Post, 'post')
        .innerJoin(Relation, 'relation', `relation.id = post.relation_id and ${STANDS}`)
        .where('post.organisation_id = any (:organisationIds)', { organisationIds })
        .orderBy('post.id')
        .getMany(),
    );
  }
}

/** A post that was taken back with its relation was never held; the relation stays in the record. */
const STANDS = 'relation.withdrawn_at is null';

async function loadPerson(tx: Tx, id: string): Promise<Person> {
  const person = await tx.findOneBy(Person, { id });
  if (!person) throw new NotFound('person', id);
  return person;
}

async function loadPost(tx: Tx, id: string): Promise<Post> {
  const post = await tx.findOneBy(Post, { id });
  if (!post) throw new NotFound('post', id);
  return post;
}
