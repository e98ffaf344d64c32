import { AuditSealed, type AuditSealedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps what services tell of their seals, where those who keep the services' databases cannot change it. */
@EventsController()
export class HeadKeeper {
  @OnEvent(AuditSealed)
  async keep(events: ReceivedEvent<AuditSealedPayload>[], { tx }: HandlerContext): Promise<void> {
    await tx.query(
      `insert into audit_head (event_id, service, no, told_at, payload)
       select id, service, no, time, payload
       from json_to_recordset($1::json) as each (id text, service text, no int, time timestamptz, payload json)
       on conflict do nothing`,
      [
        JSON.stringify(
          events.map(({ id, subject, aggregateVersion, time, payload }) => ({
            ...{ id, service: subject, no: aggregateVersion, time, payload },
          })),
        ),
      ],
    );
  }
}
