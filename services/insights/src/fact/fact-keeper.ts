import type { EventType } from '@mulin/events';
import type { Tx } from '@mulin/database';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';
import { KEPT } from './consumer.js';

/** Keeps every event as it was told: one method for each type, made below, because all do the same. */
@EventsController()
export class FactKeeper {}

for (const type of KEPT) {
  const name = `keep ${type.name}`;
  const descriptor = {
    value: (events: ReceivedEvent<unknown>[], { tx }: HandlerContext) => keep(tx, type, events),
    ...{ writable: true, configurable: true, enumerable: false },
  };
  OnEvent(type)(FactKeeper.prototype, name, descriptor);
  Object.defineProperty(FactKeeper.prototype, name, descriptor);
}

/** One statement for all events of a batch. */
export async function keep(
  tx: Tx,
  type: EventType,
  events: readonly Pick<ReceivedEvent<unknown>, 'id' | 'street' | 'subject' | 'time' | 'payload'>[],
): Promise<void> {
  await tx.query(
    `insert into fact (event_id, type, street, subject, tender_id, contract_id, organisation_id, occurred_at, payload)
     select id, $2, street, subject, payload ->> 'tenderId', payload ->> 'contractId',
       payload ->> 'organisationId', time, payload
     from json_to_recordset($1::json) as each (id text, street text, subject text, time timestamptz, payload jsonb)
     on conflict (event_id) do nothing`,
    [
      JSON.stringify(
        events.map(({ id, street, subject, time, payload }) => ({
          ...{ id, street, subject, time, payload },
        })),
      ),
      type.ceType,
    ],
  );
}
