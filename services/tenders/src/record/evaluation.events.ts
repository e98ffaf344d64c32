import { EvaluationFinalised, type EvaluationFinalisedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Keeps how organisations were evaluated, for tender files that look at it. */
@EventsController()
export class EvaluationEvents {
  @OnEvent(EvaluationFinalised)
  async finalised(events: ReceivedEvent<EvaluationFinalisedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into known_evaluation (evaluation_id, street, organisation_id, score, finalised_at)
       select "evaluationId", street, "organisationId", score, "finalisedAt"
       from json_to_recordset($1::json) as each ("evaluationId" text, street text, "organisationId" text, score int,
         "finalisedAt" timestamptz)
       on conflict (evaluation_id) do nothing`,
      [JSON.stringify(events.map(({ payload, street }) => ({ ...payload, street })))],
    );
  }
}
