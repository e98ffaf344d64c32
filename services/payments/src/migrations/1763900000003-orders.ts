import { type Migration, rlsPolicies } from '@mulin/database';

/** Payment orders: the way of released money to the organisation, by three different people. */
export const orders: Migration = {
  name: '1763900000003-orders',
  up: /* sql */ `
-- Limits are data with their legal base; a new version comes into force on its day, old ones stay.
create table policy_limit (
  name text not null,
  version integer not null,
  limit_fen bigint not null constraint "a limit is an amount" check (limit_fen >= 0),
  article text not null,
  in_force_from date not null,
  primary key (name, version),
  constraint "a limit has one version a day" unique (name, in_force_from)
);
insert into policy_limit values ('order.secondApprover', 1, 50000000,
  '行政事业单位内部控制规范（试行）第十四条（重大资金支付集体决策）；限额由街道内控制度规定', '2020-01-01');

create table payment_order (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  instalment_id text not null,
  fund_id text not null references fund,
  decision_id text not null references decision,
  amount_fen bigint not null constraint "an order pays something" check (amount_fen > 0),
  invoice_number text not null,
  invoice_date date not null,
  invoice_fen bigint not null,
  -- 30 days from the invoice; a holiday moves it to the next working day (财库〔2019〕38号).
  due_on date not null,
  approvers_needed integer not null
    constraint "one or two people approve an order" check (approvers_needed in (1, 2)),
  limit_version integer not null,
  state text not null constraint "an order is in one of its states" check (state in ('DRAFTED',
    'APPROVED', 'SETTLED', 'FAILED', 'RETURNED', 'WITHDRAWN')),
  drafted_by text not null,
  drafted_at timestamptz(3) not null default mulin.now(),
  approved_by text,
  second_approved_by text,
  cashier text,
  reason_code text,
  settled_at timestamptz(3),
  version integer not null,
  events integer not null,
  constraint "an order pays exactly its invoice" check (invoice_fen = amount_fen),
  constraint "who drafted an order does not approve it"
    check (approved_by <> drafted_by and second_approved_by <> drafted_by),
  constraint "two approvers are two people" check (second_approved_by <> approved_by),
  constraint "the cashier neither drafted nor approved"
    check (cashier <> drafted_by and cashier <> approved_by and cashier <> second_approved_by),
  constraint "no order is paid without its approvers" check (state in ('DRAFTED', 'WITHDRAWN')
    or (approved_by is not null and (approvers_needed = 1 or second_approved_by is not null))),
  constraint "no order is settled without its cashier"
    check (state not in ('SETTLED', 'FAILED', 'RETURNED') or cashier is not null)
);
create unique index "a decision is paid once" on payment_order (decision_id)
  where state in ('DRAFTED', 'APPROVED', 'SETTLED');
create unique index "an invoice is paid once" on payment_order (organisation_id, invoice_number)
  where state in ('DRAFTED', 'APPROVED', 'SETTLED');
create index order_by_contract on payment_order (contract_id, id);
create index order_by_instalment on payment_order (instalment_id);
create index order_by_due on payment_order (street, due_on) where state in ('DRAFTED', 'APPROVED');
grant select on policy_limit to :app, :consumer, :checks;
revoke insert, update on policy_limit from :app, :consumer;
${rlsPolicies('payment_order')}
`,
};
