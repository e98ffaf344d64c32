import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { OrganisationRegistered, OrganisationVerified } from '@mulin/events';
import {
  BadUserInput,
  changeOnce,
  checkText,
  createOnce,
  MAX_PAGE,
  NotFound,
  paginate,
} from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Organisation } from './organisation.entity.js';
import type {
  OrganisationsArgs,
  RegisterOrganisationInput,
  VerifyOrganisationInput,
} from './organisation.inputs.js';
import { CreditCodeTaken } from './organisation.refusals.js';

/** One method is one use case is one transaction. */
@Injectable()
export class OrganisationService {
  constructor(@Inject(Database) private readonly database: Database) {}

  register(actor: Actor, input: RegisterOrganisationInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Organisation', load: (id) => load(tx, id) },
        async () => {
          const unfit = checkText('input.name', input.name, 200);
          if (unfit) return unfit;
          const organisation = Organisation.register({
            ...input,
            creditCode: input.creditCode ?? null,
            street: actor.street,
            registeredBy: actor.id,
          });
          if (!(organisation instanceof Organisation)) return organisation;
          const { creditCode } = organisation;
          if (creditCode && (await isTaken(tx, creditCode))) return new CreditCodeTaken(creditCode);
          await tx.insert(Organisation, organisation);
          await append(tx, {
            type: OrganisationRegistered,
            aggregateId: organisation.id,
            aggregateVersion: organisation.events,
            street: organisation.street,
            payload: {
              organisationId: organisation.id,
              type: organisation.type,
              name: organisation.name,
              creditCode,
            },
          });
          return organisation;
        },
      ),
    );
  }

  verify(actor: Actor, input: VerifyOrganisationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Organisation', load: (id) => load(tx, id) },
        async () => {
          const organisation = await load(tx, input.id, 'for_no_key_update');
          const refusal = organisation.verify(actor.id, input.expectedVersion);
          if (refusal) return refusal;
          await tx.save(organisation);
          await append(tx, {
            type: OrganisationVerified,
            aggregateId: organisation.id,
            aggregateVersion: organisation.events,
            street: organisation.street,
            payload: { organisationId: organisation.id },
          });
          return organisation;
        },
      ),
    );
  }

  one(actor: Actor | null, id: string): Promise<Organisation> {
    return this.database.read(actor, (tx) => load(tx, id));
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<Organisation[]> {
    return this.database.read(actor, (tx) => tx.findBy(Organisation, { id: In([...ids]) }));
  }

  page(actor: Actor | null, { filter, orderBy, ...page }: OrganisationsArgs) {
    checkMost(filter?.ids);
    return paginate<Organisation>({
      read: (work) => this.database.read(actor, work),
      alias: 'organisation',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Organisation, 'organisation').where('true');
        if (filter?.ids) query.andWhere('organisation.id = any (:ids)', { ids: filter.ids });
        if (filter?.type)
          query.andWhere('organisation.type in (:...type)', { type: filter.type.in });
        if (filter?.state)
          query.andWhere('organisation.state in (:...state)', { state: filter.state.in });
        if (filter?.search)
          query.andWhere('organisation.name ilike :search', { search: like(filter.search) });
        return query;
      },
    });
  }
}

/** No more than what one page could show. */
function checkMost(ids: readonly string[] | undefined): void {
  if (ids && ids.length > MAX_PAGE)
    throw new BadUserInput({
      zh: `一次最多按 ${MAX_PAGE} 个编号查询。`,
      en: `filter.ids takes at most ${MAX_PAGE} ids.`,
    });
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Organisation> {
  const organisation = await tx.findOne(Organisation, { where: { id }, lock: mode && { mode } });
  if (!organisation) throw new NotFound('organisation', id);
  return organisation;
}

/** The code is unique across streets; row-level security would hide another street's row. */
async function isTaken(tx: Tx, creditCode: string): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }[]>('select credit_code_taken($1) as taken', [
    creditCode,
  ]);
  return row?.taken ?? false;
}

function like(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`;
}
