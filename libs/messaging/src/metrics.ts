import { Counter, Gauge } from 'prom-client';

/** What an operator watches; the names are in the operators' guide. */
export const relayOldestUnpublished = new Gauge({
  name: 'mulin_relay_oldest_unpublished_seconds',
  help: 'Age of the oldest event that is written but not published.',
  labelNames: ['service'],
});
export const parkedOldest = new Gauge({
  name: 'mulin_parked_oldest_seconds',
  help: 'Age of the oldest event that waits for its cause.',
  labelNames: ['consumer'],
});
export const deadLettersOpen = new Gauge({
  name: 'mulin_dead_letters_open',
  help: 'Dead letters about which nobody has decided.',
  labelNames: ['consumer'],
});
export const sealRoundsFailed = new Counter({
  name: 'mulin_seal_rounds_failed_total',
  help: 'Times that what was written could not be sealed.',
  labelNames: ['service'],
});
export const eventsConsumed = new Counter({
  name: 'mulin_events_consumed_total',
  help: 'Records worked off, redeliveries and dead letters included.',
  labelNames: ['consumer'],
});
export const eventsDead = new Counter({
  name: 'mulin_events_dead_total',
  help: 'Records that went to the dead letters.',
  labelNames: ['consumer'],
});
