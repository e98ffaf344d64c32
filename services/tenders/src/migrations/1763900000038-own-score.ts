import type { Migration } from '@mulin/database';

/**
 * A bidder is told its own score and rank (87号令 第六十九条); the whole sheet says what each expert gave each bid, and with the
 * names that are published it would say who. It stays with the committee, the office and the auditors.
 */
export const ownScore: Migration = {
  name: '1763900000038-own-score',
  up: /* sql */ `
drop policy "bidders read the report of their lot once the result is announced" on score_report;
`,
};
