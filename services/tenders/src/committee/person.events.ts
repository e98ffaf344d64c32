import { PersonRegistered, type PersonRegisteredPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps who is known to the register of a street, by id alone. */
@EventsController()
export class PersonEvents {
  @OnEvent(PersonRegistered)
  async registered(events: ReceivedEvent<PersonRegisteredPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into known_person (id, street)
       select "personId", street from json_to_recordset($1::json) as each ("personId" text, street text)
       on conflict (id) do nothing`,
      [JSON.stringify(events.map(({ street, payload }) => ({ ...payload, street })))],
    );
  }
}
