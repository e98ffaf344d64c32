import { type Migration, rlsPolicies } from '@mulin/database';

/** A decision put right by two people: breaches that were withdrawn are taken out, and it is decided again. */
export const reversals: Migration = {
  name: '1763900000004-reversals',
  up: /* sql */ `
create table reversal (
  -- The id of the decision that it will become.
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  decision_id text not null references decision,
  withdrawn_breach_ids jsonb not null,
  reason_code text not null,
  state text not null
    constraint "a reversal is proposed or approved" check (state in ('PROPOSED', 'APPROVED')),
  proposed_by text not null,
  approved_by text,
  version integer not null,
  constraint "an approved reversal names who approved it"
    check ((state = 'APPROVED') = (approved_by is not null)),
  constraint "two different people reverse a decision" check (approved_by <> proposed_by)
);
${rlsPolicies('reversal')}
`,
};
