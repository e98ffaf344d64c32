import type { Migration } from '@mulin/database';

/** How long an awarded contract may run, in every procedure: one year, with a reason three. */
export const contractTerm: Migration = {
  name: '1763900000039-contract-term',
  up: /* sql */ `
update procedure set terms = terms
  || '{"contract": {"usualMonths": 12, "mostMonths": 36, "article": "财政部令第102号 第二十四条"}}';
`,
};
