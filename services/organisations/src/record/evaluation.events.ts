import { EvaluationFinalised, type EvaluationFinalisedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps the results of evaluations: what an organisation did, as residents and evaluators found it. */
@EventsController()
export class EvaluationEvents {
  @OnEvent(EvaluationFinalised)
  async finalised(events: ReceivedEvent<EvaluationFinalisedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into evaluation_result (evaluation_id, street, organisation_id, contract_id, instalment_id, attempt,
         score, finalised_at)
       select "evaluationId", street, "organisationId", "contractId", "instalmentId", attempt, score, "finalisedAt"
       from json_to_recordset($1::json) as each ("evaluationId" text, street text, "organisationId" text,
         "contractId" text, "instalmentId" text, attempt int, score int, "finalisedAt" timestamptz)
       on conflict (evaluation_id) do nothing`,
      [JSON.stringify(events.map(({ payload, street }) => ({ ...payload, street })))],
    );
  }
}
