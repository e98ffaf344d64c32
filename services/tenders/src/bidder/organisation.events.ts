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
    const rows = events.map(({ id, street, aggregateVersion: place, time, payload }) => ({
      ...{ id, street, place, at: time.toISOString(), ...payload },
    }));
    await tx.query(
      `insert into known_restriction (event_id, street, organisation_id, place, told_at, until)
       select id, street, "organisationId", place, at, until
       from json_to_recordset($1::json) as each (id text, street text, "organisationId" text, place int,
         at timestamptz, until date)
       on conflict (event_id) do nothing`,
      [JSON.stringify(rows)],
    );
    // Of several in one go the last one holds.
    await tx.query(
      `update organisation set restricted_until = (select until from known_restriction told
         where told.organisation_id = organisation.id order by told_at desc, place desc limit 1)
       where id = any ($1)`,
      [events.map(({ payload }) => payload.organisationId)],
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
