import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Commitment } from './commitment.entity.js';

/** Reads only: money is reserved and freed by events (funds-requested.ts, funds-released.ts). */
@Injectable()
export class CommitmentService {
  constructor(@Inject(Database) private readonly database: Database) {}

  ofContracts(actor: Actor | null, contractIds: readonly string[]): Promise<Commitment[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Commitment, { where: { contractId: In([...contractIds]) }, order: { id: 'ASC' } }),
    );
  }
}
