import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { paginate, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { LedgerAccount } from './account.entity.js';
import type { LedgerAccountsArgs, TransfersArgs } from './ledger.inputs.js';
import { Transfer } from './transfer.entity.js';

/** Reading the ledger. Writing it is post.ts, by use cases that have a cause. */
@Injectable()
export class LedgerService {
  constructor(@Inject(Database) private readonly database: Database) {}

  accounts(actor: Actor, { filter, orderBy, ...page }: LedgerAccountsArgs) {
    return paginate<LedgerAccount>({
      read: (work) => this.database.read(actor, work),
      alias: 'account',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(LedgerAccount, 'account').where('true');
        for (const field of ['fundId', 'contractId', 'organisationId'] as const) {
          const id = filter?.[field];
          if (id) query.andWhere(`account.${field} = :${field}`, { [field]: id });
        }
        if (filter?.kinds) query.andWhere('account.kind in (:...kinds)', { kinds: filter.kinds });
        return query;
      },
    });
  }

  transfers(actor: Actor, { filter, direction, orderBy, ...page }: TransfersArgs) {
    return paginate<Transfer>({
      read: (work) => this.database.read(actor, work),
      alias: 'transfer',
      page,
      orderBy: { property: orderBy?.field ?? 'id', direction: orderBy?.direction ?? direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Transfer, 'transfer').where('true');
        for (const field of ['fundId', 'contractId', 'decisionId'] as const) {
          const id = filter?.[field];
          if (id) query.andWhere(`transfer.${field} = :${field}`, { [field]: id });
        }
        if (filter?.account) {
          query.andWhere(':account in (transfer.debit, transfer.credit)', {
            account: filter.account,
          });
        }
        return within(query, 'transfer.at', filter?.at);
      },
    });
  }

  /** The transfers that carry out decisions, in order. The contracts lead to them by index. */
  ofDecisions(
    actor: Actor | null,
    decisions: readonly { id: string; contractId: string }[],
  ): Promise<Transfer[]> {
    const contractIds = [...new Set(decisions.map(({ contractId }) => contractId))];
    return this.database.read(actor, (tx) =>
      tx.find(Transfer, {
        where: { contractId: In(contractIds), decisionId: In(decisions.map(({ id }) => id)) },
        order: { id: 'ASC' },
      }),
    );
  }
}
