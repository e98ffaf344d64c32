import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import {
  changeOnce,
  checkText,
  createOnce,
  IdAlreadyUsed,
  NotFound,
  paginate,
  partOf,
} from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { checkId } from '../well-formed.js';
import type { ExpertsArgs, ExpertStepInput, RegisterExpertInput } from './committee.inputs.js';
import { Expert, ExpertState } from './expert.entity.js';

/** The pool of experts: written by one person, listed by another. */
@Injectable()
export class ExpertService {
  constructor(@Inject(Database) private readonly database: Database) {}

  register(actor: Actor, input: RegisterExpertInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Expert', load: (id) => loadExpert(tx, id) },
        async () => {
          const unfit =
            checkId('input.id', 'exp', input.id) ??
            checkId('input.personId', 'per', input.personId) ??
            checkText('input.name', input.name, 100) ??
            checkText('input.speciality', input.speciality, 200);
          if (unfit) return unfit;
          if (await tx.existsBy(Expert, { personId: input.personId }))
            return new IdAlreadyUsed(input.personId);
          const expert = Object.assign(new Expert(), {
            id: input.id,
            street: actor.street,
            personId: input.personId,
            name: input.name,
            speciality: input.speciality,
            state: ExpertState.REGISTERED,
            registeredBy: actor.id,
            listedBy: null,
            version: 1,
          });
          await tx.insert(Expert, expert);
          return expert;
        },
      ),
    );
  }

  list(actor: Actor, input: ExpertStepInput) {
    return this.step(actor, input, (expert) => expert.list(actor.id, input.expectedVersion));
  }

  remove(actor: Actor, input: ExpertStepInput) {
    return this.step(actor, input, (expert) => expert.remove(input.expectedVersion));
  }

  private step<R>(actor: Actor, input: ExpertStepInput, change: (expert: Expert) => R) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Expert', load: (id) => loadExpert(tx, id) },
        async () => {
          const expert = await loadExpert(tx, input.id, 'for_no_key_update');
          const refusal = change(expert);
          if (refusal) return refusal;
          await tx.save(expert);
          return expert;
        },
      ),
    );
  }

  page(actor: Actor, { state, filter, orderBy, ...page }: ExpertsArgs) {
    return paginate<Expert>({
      read: (work) => this.database.read(actor, work),
      alias: 'expert',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Expert, 'expert').where('true');
        for (const field of ['name', 'speciality'] as const) {
          const part = filter?.[field];
          if (part) query.andWhere(`expert.${field} ilike :${field}`, { [field]: partOf(part) });
        }
        if (filter?.states)
          query.andWhere('expert.state = any (:states)', { states: filter.states });
        if (state) query.andWhere('expert.state = :state', { state });
        return query;
      },
    });
  }
}

async function loadExpert(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Expert> {
  const expert = await tx.findOne(Expert, { where: { id }, lock: mode && { mode } });
  if (!expert) throw new NotFound('expert', id);
  return expert;
}
