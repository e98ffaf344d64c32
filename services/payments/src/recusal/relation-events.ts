import {
  RelationEnded,
  type RelationEndedPayload,
  RelationRecorded,
  type RelationRecordedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps who is related to which organisation, for recusal (回避). */
@EventsController()
export class RelationHandler {
  @OnEvent(RelationRecorded)
  async recorded(events: ReceivedEvent<RelationRecordedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
       select "relationId", street, "personId", "organisationId", kind, "from", "to"
       from jsonb_to_recordset($1::jsonb) as each ("relationId" text, street text,
         "personId" text, "organisationId" text, kind text, "from" date, "to" date)
       on conflict (id) do nothing`,
      [JSON.stringify(events.map(({ payload, street }) => ({ ...payload, street })))],
    );
  }

  @OnEvent(RelationEnded)
  async ended(events: ReceivedEvent<RelationEndedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `update relation set valid_to = "to"
       from jsonb_to_recordset($1::jsonb) as each ("relationId" text, "to" date)
       where id = "relationId"`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  }
}
