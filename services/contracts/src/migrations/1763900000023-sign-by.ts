import type { Migration } from '@mulin/database';

/** An awarded contract is signed within the term that begins with its award notice (政府采购法 第四十六条), money or not. */
export const signBy: Migration = {
  name: '1763900000023-sign-by',
  up: /* sql */ `
-- Those that were drafted before this knew no end: nobody was told a day, so their term begins today.
update contract set sign_by = ((mulin.now() at time zone 'Asia/Shanghai')::date
    + (select days + 1 from legal_term where code = 'signing' order by in_force_from desc limit 1))::timestamp
    at time zone 'Asia/Shanghai'
  where tender_id is not null and state in ('drafted', 'awaitingFunds') and sign_by is null;
create index contract_to_be_signed on contract (sign_by) where state in ('drafted', 'awaitingFunds', 'funded');
alter table contract add constraint "an awarded contract says until when it is signed"
  check (tender_id is null or sign_by is not null or state not in ('drafted', 'awaitingFunds', 'funded')) not valid;
`,
};
