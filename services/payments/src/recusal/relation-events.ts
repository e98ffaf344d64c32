import { endRelations, keepRelations } from '@mulin/database';
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
