import {
  ContractCompleted,
  type ContractCompletedPayload,
  ContractSigned,
  type ContractSignedPayload,
  ContractTerminated,
  type ContractTerminatedPayload,
  ObligationBreached,
  type ObligationBreachedPayload,
  ObligationFulfilled,
  type ObligationFulfilledPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps the read models of contracts. Every handler is one statement or two, however many events. */
@EventsController()
export class ContractEvents {
  @OnEvent(ContractSigned)
  async signed(events: ReceivedEvent<ContractSignedPayload>[], { tx }: HandlerContext) {
    const rows = events.map(({ payload, street }) => ({ ...payload, street }));
    await tx.query(
      `insert into term (contract_id, street, organisation_id, starts_on, ends_on, rule_version, rule)
       select "contractId", street, "organisationId", "from", "to", "ruleVersion", rule
       from jsonb_to_recordset($1::jsonb) as each ("contractId" text, street text,
         "organisationId" text, "from" date, "to" date, "ruleVersion" int, rule jsonb)
       on conflict (contract_id) do update set ends_on = excluded.ends_on,
         rule_version = excluded.rule_version, rule = excluded.rule
       where term.rule_version < excluded.rule_version`,
      [JSON.stringify(rows)],
    );
    const instalments = rows.flatMap(({ contractId, organisationId, street, instalments }) =>
      instalments.map((each) => ({ ...each, contractId, organisationId, street })),
    );
    await tx.query(
      `insert into term_instalment
         (id, contract_id, street, organisation_id, no, kind, period_from, period_to)
       select id, "contractId", street, "organisationId", no, kind, "periodFrom", "periodTo"
       from jsonb_to_recordset($1::jsonb) as each (id text, "contractId" text, street text,
         "organisationId" text, no int, kind text, "periodFrom" date, "periodTo" date)
       on conflict (id) do nothing`,
      [JSON.stringify(instalments)],
    );
  }

  @OnEvent(ContractCompleted)
  async completed(events: ReceivedEvent<ContractCompletedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `update term set completed_on = "completedOn"
       from jsonb_to_recordset($1::jsonb) as each ("contractId" text, "completedOn" date)
       where contract_id = "contractId"`,
      [payloads(events)],
    );
  }

  @OnEvent(ContractTerminated)
  async terminated(events: ReceivedEvent<ContractTerminatedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `update term set terminated_on = "terminatedOn"
       from jsonb_to_recordset($1::jsonb) as each ("contractId" text, "terminatedOn" date)
       where contract_id = "contractId"`,
      [payloads(events)],
    );
  }

  @OnEvent(ObligationFulfilled)
  async fulfilled(events: ReceivedEvent<ObligationFulfilledPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into fulfilment
         (id, contract_id, street, organisation_id, obligation, status, occurred_at)
       select "fulfilmentId", "contractId", street, "organisationId", obligation, status, "occurredAt"
       from jsonb_to_recordset($1::jsonb) as each ("fulfilmentId" text, "contractId" text,
         street text, "organisationId" text, obligation text, status text, "occurredAt" timestamptz)
       on conflict (id) do nothing`,
      [payloads(events)],
    );
  }

  @OnEvent(ObligationBreached)
  async breached(events: ReceivedEvent<ObligationBreachedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into breach (id, contract_id, street, organisation_id, obligation, occurred_at)
       select "breachId", "contractId", street, "organisationId", obligation, "occurredAt"
       from jsonb_to_recordset($1::jsonb) as each ("breachId" text, "contractId" text,
         street text, "organisationId" text, obligation text, "occurredAt" timestamptz)
       on conflict (id) do nothing`,
      [payloads(events)],
    );
  }
}

/** The payloads with the street of their header, as one JSON parameter. */
function payloads(events: ReceivedEvent<object>[]): string {
  return JSON.stringify(events.map(({ payload, street }) => ({ ...payload, street })));
}
