import type { Migration } from '@mulin/database';

/** Reserved money does not wait for ever: how long both sides have to sign is law, and so a row. */
export const signingTerm: Migration = {
  name: '1763900000003-signing-term',
  up: /* sql */ `
create table legal_term (
  code text not null,
  days int not null constraint "a term is 1 to 1000 days" check (days between 1 and 1000),
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  primary key (code, in_force_from)
);
insert into legal_term (code, days, article, title_zh, title_en, in_force_from) values
  ('signing', 30, '政府采购法 第四十六条', '签订合同期限', 'Time to sign a contract', '2003-01-01');
revoke insert, update on legal_term from :app, :consumer;

alter table contract add column sign_by timestamptz(3);
create index on contract (sign_by) where state = 'funded';
`,
};
