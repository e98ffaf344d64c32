import type { Migration } from '@mulin/database';

/** Grounds on which the buyer may declare a tender failed after publication (废标): law, and so rows. */
export const failing: Migration = {
  name: '1763900000010-failing',
  up: /* sql */ `
create table failing_reason (
  code text not null,
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  primary key (code, in_force_from)
);
insert into failing_reason (code, article, title_zh, title_en, in_force_from) values
  ('illegality', '政府采购法 第三十六条第二项', '出现影响采购公正的违法、违规行为', 'A breach of law that affects fairness', '2003-01-01'),
  ('allAboveBudget', '政府采购法 第三十六条第三项', '投标人的报价均超过了采购预算', 'All bids are above the budget', '2003-01-01'),
  ('taskCancelled', '政府采购法 第三十六条第四项', '因重大变故，采购任务取消', 'The task was cancelled', '2003-01-01');
grant select on failing_reason to :app;
revoke insert, update on failing_reason from :app, :consumer;
`,
};
