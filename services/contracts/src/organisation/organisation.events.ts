import {
  OrganisationRegistered,
  type OrganisationRegisteredPayload,
  OrganisationRestricted,
  type OrganisationRestrictedPayload,
  OrganisationVerified,
  type OrganisationVerifiedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps the read model of organisations: whom the street may contract with. */
@EventsController()
export class OrganisationEvents {
  @OnEvent(OrganisationRegistered)
  async registered(events: ReceivedEvent<OrganisationRegisteredPayload>[], { tx }: HandlerContext) {
    const rows = events.map(({ street, payload }) => ({
      id: payload.organisationId,
      street,
      name: payload.name,
    }));
    await tx.query(
      `insert into organisation (id, street, name)
       select id, street, name from json_to_recordset($1::json) as (id text, street text, name text)
       on conflict (id) do nothing`,
      [JSON.stringify(rows)],
    );
  }

  @OnEvent(OrganisationVerified)
  async verified(events: ReceivedEvent<OrganisationVerifiedPayload>[], { tx }: HandlerContext) {
    await tx.query('update organisation set verified = true where id = any ($1)', [
      events.map(({ payload }) => payload.organisationId),
    ]);
  }

  @OnEvent(OrganisationRestricted)
  async restricted(events: ReceivedEvent<OrganisationRestrictedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `update organisation set restricted_until = news.until
       from json_to_recordset($1::json) as news (id text, until date) where news.id = organisation.id`,
      [
        JSON.stringify(
          events.map(({ payload }) => ({ id: payload.organisationId, until: payload.until })),
        ),
      ],
    );
  }
}
