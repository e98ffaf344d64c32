import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { NotFound, paginate, within } from '@mulin/graphql';
import { replay } from '@mulin/payment-rule';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Decision } from './decision.entity.js';
import type { DecisionsArgs } from './decision.inputs.js';
import { DecisionReplay } from './simulation.types.js';

/** Reads only: decisions are made by events (evaluation-finalised.ts and its neighbours). */
@Injectable()
export class DecisionService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async one(actor: Actor, id: string): Promise<Decision> {
    const decision = await this.database.read(actor, (tx) => tx.findOneBy(Decision, { id }));
    if (!decision) throw new NotFound('decision', id);
    return decision;
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<Decision[]> {
    return this.database.read(actor, (tx) => tx.findBy(Decision, { id: In([...ids]) }));
  }

  ofInstalments(actor: Actor | null, instalmentIds: readonly string[]): Promise<Decision[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Decision, { where: { instalmentId: In([...instalmentIds]) }, order: { no: 'ASC' } }),
    );
  }

  page(actor: Actor, { filter, direction, orderBy, ...page }: DecisionsArgs) {
    return paginate<Decision>({
      read: (work) => this.database.read(actor, work),
      alias: 'decision',
      page,
      orderBy: { property: orderBy?.field ?? 'id', direction: orderBy?.direction ?? direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Decision, 'decision').where('true');
        for (const field of ['contractId', 'organisationId'] as const) {
          const id = filter?.[field];
          if (id) query.andWhere(`decision.${field} = :${field}`, { [field]: id });
        }
        if (filter?.kinds) query.andWhere('decision.kind in (:...kinds)', { kinds: filter.kinds });
        if (filter?.outcomes) {
          query.andWhere('decision.outcome in (:...outcomes)', { outcomes: filter.outcomes });
        }
        return within(query, 'decision.decidedAt', filter?.decided);
      },
    });
  }

  /** Computes a decision again from what is stored: the same hash and the same fen, or it was altered. */
  async replay(actor: Actor, id: string): Promise<DecisionReplay> {
    const stored = await this.one(actor, id);
    return DecisionReplay.compare(stored, replay(stored.inputs));
  }
}
