import type { Migration } from '@mulin/database';

/** A reversal names the document it rests on. */
export const reversalGround: Migration = {
  name: '1763900000012-reversal-ground',
  up: /* sql */ `
-- What was reversed before says that nothing was noted; every new one must name its document.
alter table reversal add column document text not null default '此前未记载'
  constraint "a reversal rests on a document" check (length(btrim(document)) between 1 and 200);
alter table reversal alter column document drop default;
`,
};
