import type { Actor } from '@mulin/auth';
import { Database, isRefusal, now } from '@mulin/database';
import { ObligationBreached } from '@mulin/events';
import { changeOnce, createOnce } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Breach } from './breach.entity.js';
import { loadReport, newReport } from './reporting.js';
import type { DecideReportInput, RecordBreachInput } from './report.inputs.js';

/** Breaches of obligations: recorded, then confirmed by a second person or withdrawn. */
@Injectable()
export class BreachService {
  constructor(@Inject(Database) private readonly database: Database) {}

  record(actor: Actor, input: RecordBreachInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Breach', load: (id) => loadReport(tx, Breach, id) },
        async () => {
          const facts = await newReport(tx, actor, input, 'brc');
          if (isRefusal(facts)) return facts;
          const breach = Object.assign(new Breach(), facts);
          await tx.insert(Breach, breach);
          return breach;
        },
      ),
    );
  }

  confirm(actor: Actor, input: DecideReportInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Breach', load: (id) => loadReport(tx, Breach, id) },
        async () => {
          const breach = await loadReport(tx, Breach, input.id, 'for_no_key_update');
          const refusal = breach.confirm(actor.id, input.expectedVersion, await now(tx));
          if (refusal) return refusal;
          await tx.save(breach);
          await append(tx, {
            type: ObligationBreached,
            aggregateId: breach.id,
            aggregateVersion: breach.events,
            street: breach.street,
            payload: {
              breachId: breach.id,
              contractId: breach.contractId,
              organisationId: breach.organisationId,
              obligation: breach.code,
              occurredAt: breach.occurredAt.toISOString(),
            },
          });
          return breach;
        },
      ),
    );
  }

  withdraw(actor: Actor, input: DecideReportInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Breach', load: (id) => loadReport(tx, Breach, id) },
        async () => {
          const breach = await loadReport(tx, Breach, input.id, 'for_no_key_update');
          const refusal = breach.withdraw(actor.id, input.expectedVersion, await now(tx));
          if (refusal) return refusal;
          return tx.save(breach);
        },
      ),
    );
  }
}
