import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { paginate, paginateEach, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { Challenge } from './challenge.entity.js';
import {
  type ChallengeFilter,
  ChallengeOrderField,
  type ChallengesArgs,
} from './challenge.inputs.js';

/** Pages of inquiries, challenges and complaints; the database decides who sees what. */
@Injectable()
export class ChallengeReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  async page(actor: Actor | null, args: ChallengesArgs) {
    return paginate<Challenge>(await this.request(actor, args));
  }

  /** Those about each tender. */
  async pagesOf(actor: Actor | null, tenderIds: readonly string[], args: ChallengesArgs) {
    const request = await this.request(actor, args);
    return paginateEach<Challenge>({ ...request, parent: 'tenderId', parents: tenderIds });
  }

  private async request(actor: Actor | null, { filter, orderBy, ...page }: ChallengesArgs) {
    const read = <R>(work: (tx: Tx) => Promise<R>) => this.database.read(actor, work);
    const at = filter?.overdue ? await read(now) : null;
    return {
      read,
      alias: 'challenge',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx: Tx) => {
        const query = filtered(tx, filter, at, orderBy?.field);
        // Said once more for the index: row-level security lets others see what is public, and therefore asks everywhere.
        return actor
          ? query.andWhere('challenge.street = :street', { street: actor.street })
          : query;
      },
    };
  }
}

function filtered(
  tx: Tx,
  filter: ChallengeFilter | undefined,
  at: Date | null,
  by: ChallengeOrderField | undefined,
) {
  const query = tx.createQueryBuilder(Challenge, 'challenge').where('true');
  for (const field of ['tenderId', 'organisationId', 'kind', 'state'] as const) {
    const wanted = filter?.[field];
    if (wanted) query.andWhere(`challenge.${field} = :${field}`, { [field]: wanted });
  }
  if (filter?.states) query.andWhere('challenge.state = any (:states)', { states: filter.states });
  if (at)
    query.andWhere(`challenge.state in ('filed', 'accepted') and challenge.dueAt <= :at`, { at });
  if (by === ChallengeOrderField.DUE_AT) query.andWhere('challenge.dueAt is not null');
  within(query, 'challenge.dueAt', filter?.due);
  return within(query, 'challenge.filedAt', filter?.filed);
}
