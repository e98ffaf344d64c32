import type { Actor } from '@mulin/auth';
import { ContractLimit } from './contract-limit.entity.js';
import { Database, type Tx } from '@mulin/database';
import { paginate, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Instalment } from '../instalment/instalment.entity.js';
import { Obligation } from '../obligation/obligation.entity.js';
import { Contract } from './contract.entity.js';
import { type ContractFilter, ContractOrderField, type ContractsArgs } from './contract.inputs.js';
import { loadContract } from './load-contract.js';
import { Signature } from './signature.entity.js';
import { TerminationReason } from './termination-reason.entity.js';

/** What is read of contracts, under the actor's row-level security; one statement per method. */
@Injectable()
export class ContractReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  one(actor: Actor, id: string): Promise<Contract> {
    return this.database.read(actor, (tx) => loadContract(tx, id));
  }

  many(actor: Actor, ids: readonly string[]): Promise<Contract[]> {
    return this.database.read(actor, (tx) => tx.findBy(Contract, { id: In([...ids]) }));
  }

  instalments(actor: Actor, ids: readonly string[]): Promise<Instalment[]> {
    return this.database.read(actor, (tx) => tx.findBy(Instalment, { id: In([...ids]) }));
  }

  instalmentsOf(actor: Actor, contractIds: readonly string[]): Promise<Instalment[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Instalment, { where: { contractId: In([...contractIds]) }, order: { no: 'ASC' } }),
    );
  }

  obligationsOf(actor: Actor, contractIds: readonly string[]): Promise<Obligation[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Obligation, {
        where: { contractId: In([...contractIds]) },
        order: { position: 'ASC' },
      }),
    );
  }

  signaturesOf(actor: Actor, contractIds: readonly string[]): Promise<Signature[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Signature, {
        where: { contractId: In([...contractIds]) },
        order: { signedAt: 'ASC' },
      }),
    );
  }

  terminationReasons(actor: Actor): Promise<TerminationReason[]> {
    return this.database.read(actor, (tx) =>
      tx.find(TerminationReason, { order: { code: 'ASC' } }),
    );
  }

  limits(actor: Actor): Promise<ContractLimit[]> {
    return this.database.read(actor, (tx) =>
      tx.find(ContractLimit, { order: { code: 'ASC', scope: 'ASC', version: 'ASC' } }),
    );
  }

  page(actor: Actor, { filter, orderBy, ...page }: ContractsArgs) {
    return paginate<Contract>({
      read: (work) => this.database.read(actor, work),
      alias: 'contract',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = filtered(tx, filter);
        if (orderBy?.field === ContractOrderField.SIGNED_AT)
          query.andWhere('contract.signedAt is not null');
        return query;
      },
    });
  }
}

function filtered(tx: Tx, filter: ContractFilter | undefined) {
  const query = tx.createQueryBuilder(Contract, 'contract').where('true');
  if (filter?.state) query.andWhere('contract.state = any (:states)', { states: filter.state.in });
  if (filter?.organisationId)
    query.andWhere('contract.organisationId = :organisation', {
      organisation: filter.organisationId.eq,
    });
  if (filter?.search)
    query.andWhere('contract.title ilike :search', {
      search: `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`,
    });
  if (filter?.tenderId) query.andWhere('contract.tenderId = :tender', { tender: filter.tenderId });
  // Two stretches of days have one in common when neither ends before the other begins.
  within(query, 'contract.startsOn', filter?.term && { to: filter.term.to });
  within(query, 'contract.endsOn', filter?.term && { from: filter.term.from });
  within(query, 'contract.draftedAt', filter?.drafted);
  return within(query, 'contract.signedAt', filter?.signed);
}
