import { registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

/**
 * Where a tender stands. What the clock alone decides is its phase, not a state. Which state may follow which is a row of
 * its procedure (`procedure_step`), and differs by procedure.
 */
export enum TenderState {
  DRAFT = 'draft',
  PUBLISHED = 'published',
  OPENED = 'opened',
  QUALIFIED = 'qualified',
  EVALUATING = 'evaluating',
  RESULT_NOTICE = 'resultNotice',
  AWARDED = 'awarded',
  FAILED = 'failed',
  CANCELLED = 'cancelled',
}

registerEnumType(TenderState, {
  name: 'TenderState',
  registerIn: () => TendersSchema,
  description: 'Where a tender stands.',
  valuesMap: {
    DRAFT: { description: 'Its file is being written.' },
    PUBLISHED: { description: 'A second person published it; bids are taken until the deadline.' },
    OPENED: { description: 'The qualification envelopes were opened and are being reviewed.' },
    QUALIFIED: { description: 'It is settled who qualifies; the prices are still shut.' },
    EVALUATING: { description: 'The prices were opened; the committee judges.' },
    RESULT_NOTICE: { description: 'The result was announced; winners are noticed after it.' },
    AWARDED: { description: 'Every lot is awarded and its contract drafted.' },
    FAILED: { description: '废标, for a reason that was told to all.' },
    CANCELLED: { description: 'Given up; the reason is public.' },
  },
});

/** What the clock makes of a published tender (澄清、投标). */
export enum TenderPhase {
  CLARIFYING = 'clarifying',
  BIDDING = 'bidding',
  CLOSED = 'closed',
}
registerEnumType(TenderPhase, {
  name: 'TenderPhase',
  registerIn: () => TendersSchema,
  valuesMap: {
    CLARIFYING: { description: 'A clarification that affects bids may still keep the deadline.' },
    BIDDING: { description: 'Such a clarification moves the deadline from here on.' },
    CLOSED: { description: 'The deadline has passed; the bids wait to be opened.' },
  },
});
