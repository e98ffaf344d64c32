import type { Migration } from '@mulin/database';

/** What decisions, orders and the journal are sorted by, and searched by date. */
export const listed: Migration = {
  name: '1763900000034-listed',
  up: /* sql */ `
create index decision_by_time on decision (street, decided_at, id);
create index order_by_last_day on payment_order (street, due_on, id);
create index order_by_settlement on payment_order (street, settled_at, id) where settled_at is not null;
create index transfer_by_time on transfer (street, at, id);
`,
};
