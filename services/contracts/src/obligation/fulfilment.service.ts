import type { Actor } from '@mulin/auth';
import { isStaff } from '@mulin/auth';
import { Database, isRefusal, now } from '@mulin/database';
import { ObligationFulfilled } from '@mulin/events';
import { changeOnce, createOnce } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Side } from '../contract/contract.states.js';
import { NotYourSide } from '../contract/signing.refusals.js';
import { Fulfilment, FulfilmentStatus } from './fulfilment.entity.js';
import { loadReport, newReport } from './reporting.js';
import type { DecideReportInput, RecordFulfilmentInput } from './report.inputs.js';

/** Reports on how obligations stand: recorded, then confirmed by a second person or withdrawn. */
@Injectable()
export class FulfilmentService {
  constructor(@Inject(Database) private readonly database: Database) {}

  record(actor: Actor, input: RecordFulfilmentInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Fulfilment', load: (id) => loadReport(tx, Fulfilment, id) },
        async () => {
          // To do without something is for the street to say, which would be paid for it.
          if (input.status === FulfilmentStatus.WAIVED && !actor.roles.includes('streetOfficer'))
            return new NotYourSide(Side.BUYER);
          const facts = await newReport(tx, actor, input, 'ful');
          if (isRefusal(facts)) return facts;
          const fulfilment = Object.assign(new Fulfilment(), facts, { status: input.status });
          await tx.insert(Fulfilment, fulfilment);
          return fulfilment;
        },
      ),
    );
  }

  confirm(actor: Actor, input: DecideReportInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Fulfilment', load: (id) => loadReport(tx, Fulfilment, id) },
        async () => {
          const fulfilment = await loadReport(tx, Fulfilment, input.id, 'for_no_key_update');
          const refusal = fulfilment.confirm(actor.id, input.expectedVersion, await now(tx));
          if (refusal) return refusal;
          await tx.save(fulfilment);
          await append(tx, {
            type: ObligationFulfilled,
            aggregateId: fulfilment.id,
            aggregateVersion: fulfilment.events,
            street: fulfilment.street,
            payload: {
              fulfilmentId: fulfilment.id,
              contractId: fulfilment.contractId,
              organisationId: fulfilment.organisationId,
              obligation: fulfilment.code,
              status: fulfilment.status,
              occurredAt: fulfilment.occurredAt.toISOString(),
            },
          });
          return fulfilment;
        },
      ),
    );
  }

  withdraw(actor: Actor, input: DecideReportInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Fulfilment', load: (id) => loadReport(tx, Fulfilment, id) },
        async () => {
          const fulfilment = await loadReport(tx, Fulfilment, input.id, 'for_no_key_update');
          if (!isStaff(actor) && fulfilment.recordedBy !== actor.id)
            return new NotYourSide(Side.BUYER);
          const refusal = fulfilment.withdraw(actor.id, input.expectedVersion, await now(tx));
          if (refusal) return refusal;
          return tx.save(fulfilment);
        },
      ),
    );
  }
}
