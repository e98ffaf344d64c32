import { Injectable } from '@nestjs/common';
import type { EventStrategy } from './event-strategy.js';
import type { Relay } from './relay.js';

const OLDEST_ALLOWED_SECONDS = 60;

/** Whether events flow, for the readiness probe. */
@Injectable()
export class MessagingHealth {
  private relay: Relay | null = null;
  private strategy: EventStrategy | null = null;

  watch(parts: { relay: Relay | null; strategy: EventStrategy | null }): void {
    this.relay = parts.relay;
    this.strategy = parts.strategy;
  }

  /** `ok`, or what is wrong. */
  state(): string {
    const consumer = this.strategy?.state ?? 'joined';
    if (consumer !== 'joined') return `consumer ${consumer}`;
    const oldest = this.relay?.oldestUnpublishedSeconds ?? 0;
    if (oldest > OLDEST_ALLOWED_SECONDS) return `relay ${Math.ceil(oldest)} s behind`;
    return 'ok';
  }
}
