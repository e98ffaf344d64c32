import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { checkPageSize } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Breach } from './breach.entity.js';
import { Fulfilment } from './fulfilment.entity.js';
import { ObligationStatus } from './obligation.entity.js';

/** Reports as they are read: one statement for all contracts of a request. */
@Injectable()
export class ReportReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  fulfilmentsOf(
    actor: Actor,
    contractIds: readonly string[],
    first: number,
  ): Promise<Fulfilment[]> {
    return this.newestOf(actor, Fulfilment, contractIds, first);
  }

  breachesOf(actor: Actor, contractIds: readonly string[], first: number): Promise<Breach[]> {
    return this.newestOf(actor, Breach, contractIds, first);
  }

  /** How obligations stand, by `contract code`: the latest confirmed report, else a confirmed breach. */
  async statuses(
    actor: Actor,
    contractIds: readonly string[],
  ): Promise<Map<string, ObligationStatus>> {
    const rows = await this.database.read(actor, (tx) =>
      tx.query<{ contract_id: string; code: string; status: ObligationStatus }[]>(
        `select distinct on (contract_id, code) contract_id, code, status from (
           select contract_id, code, status, 1 as rank, occurred_at, id from fulfilment
           where state = 'confirmed' and contract_id = any ($1)
           union all
           select contract_id, code, 'breached', 2, occurred_at, id from breach
           where state = 'confirmed' and contract_id = any ($1)
         ) report order by contract_id, code, rank, occurred_at desc, id desc`,
        [contractIds],
      ),
    );
    return new Map(rows.map((row) => [`${row.contract_id} ${row.code}`, row.status]));
  }

  /** The newest reports of each contract, `first` at most. */
  private newestOf<R extends Fulfilment | Breach>(
    actor: Actor,
    type: { new (): R; name: string },
    contractIds: readonly string[],
    first: number,
  ): Promise<R[]> {
    checkPageSize(first);
    return this.database.read(actor, (tx) =>
      tx
        .createQueryBuilder(type, 'report')
        .where({ contractId: In([...contractIds]) })
        .andWhere(
          `report.id in (select id from (
             select id, row_number() over (partition by contract_id order by id desc) as place
             from ${type.name.toLowerCase()} where contract_id = any (:contractIds)
           ) numbered where place <= :first)`,
          { contractIds, first },
        )
        .orderBy('report.id', 'DESC')
        .getMany(),
    );
  }
}
