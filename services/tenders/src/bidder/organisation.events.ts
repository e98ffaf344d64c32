import { endRelations, keepRelations } from '@mulin/database';
import {
  OrganisationRated,
  type OrganisationRatedPayload,
  OrganisationRegistered,
  type OrganisationRegisteredPayload,
  OrganisationRestricted,
  type OrganisationRestrictedPayload,
  OrganisationVerified,
  type OrganisationVerifiedPayload,
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

/** Keeps the read model of organisations: who may bid, and who heads or holds whom. */
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
       from json_to_recordset($1::json) as news ("organisationId" text, until date)
       where news."organisationId" = organisation.id`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  }

  @OnEvent(OrganisationRated)
  async rated(events: ReceivedEvent<OrganisationRatedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into known_grade (rating_id, organisation_id, street, grade, valid_from, valid_to)
       select "ratingId", "organisationId", street, grade, "from", "to"
       from json_to_recordset($1::json) as each ("ratingId" text, "organisationId" text, street text,
         grade int, "from" date, "to" date)
       on conflict (rating_id) do nothing`,
      [JSON.stringify(events.map(({ payload, street }) => ({ ...payload, street })))],
    );
  }

  @OnEvent(RelationRecorded)
  async recorded(events: ReceivedEvent<RelationRecordedPayload>[], { tx }: HandlerContext) {
    await keepRelations(
      tx,
      events.map(({ payload, street }) => ({ ...payload, street })),
    );
  }

  @OnEvent(RelationEnded)
  async ended(events: ReceivedEvent<RelationEndedPayload>[], { tx }: HandlerContext) {
    await endRelations(
      tx,
      events.map(({ payload }) => payload),
    );
  }
}
