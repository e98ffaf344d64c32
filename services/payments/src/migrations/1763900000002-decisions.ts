import { type Migration, rlsPolicies } from '@mulin/database';

/** What was decided about each instalment. Immutable: a correction is a further decision. */
export const decisions: Migration = {
  name: '1763900000002-decisions',
  up: /* sql */ `
create table decision (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  instalment_id text not null references instalment,
  -- 1, 2, 3 … per instalment: the figures of the last one hold.
  no integer not null,
  previous_id text references decision,
  kind text not null constraint "a decision has one of six causes" check (kind in ('advance',
    'evaluation', 'lapse', 'acceptance', 'termination', 'reversal')),
  cause_id text not null,
  attempt integer constraint "there are at most two attempts" check (attempt in (1, 2)),
  rule_version integer not null,
  score integer,
  grade text,
  pay_share integer,
  outcome text not null constraint "an outcome is released, reduced or withheld"
    check (outcome in ('released', 'reduced', 'withheld')),
  amount_fen bigint not null,
  released_fen bigint not null,
  reduced_fen bigint not null,
  rectification_fen bigint not null,
  retained_fen bigint not null,
  claim_in_fen bigint not null,
  carry_out_fen bigint not null,
  carry_waiting_fen bigint not null,
  -- What this decision moved: the signed differences to the one before it.
  posted_released_fen bigint not null,
  posted_reduced_fen bigint not null,
  posted_rectification_fen bigint not null,
  posted_retained_fen bigint not null,
  because jsonb not null,
  -- Everything it was computed from, as RFC 8785 canonical JSON: anyone may compute it again and must
  -- get the same hash and the same fen.
  inputs text not null,
  inputs_hash text not null constraint "the hash is the hash of the inputs"
    check (inputs_hash = 'sha256:' || encode(sha256(convert_to(inputs, 'UTF8')), 'hex')),
  decided_at timestamptz(3) not null default mulin.now(),
  constraint "the four parts are the amount"
    check (released_fen + reduced_fen + rectification_fen + retained_fen = amount_fen),
  constraint "no part is negative" check (least(released_fen, reduced_fen, rectification_fen, retained_fen,
    claim_in_fen, carry_out_fen, carry_waiting_fen) >= 0),
  constraint "the first decision posts the whole amount, later ones only move it"
    check (posted_released_fen + posted_reduced_fen + posted_rectification_fen + posted_retained_fen
      = case when no = 1 then amount_fen else 0 end),
  constraint "the first decision follows none" check ((no = 1) = (previous_id is null)),
  constraint "what was released by evaluation has its evaluation"
    check (kind <> 'evaluation' or (attempt is not null and score is not null)),
  constraint "a cause decides an instalment once" unique (kind, cause_id, instalment_id),
  constraint "decisions of an instalment follow one another" unique (instalment_id, no)
);
create unique index "an attempt decides an instalment once"
  on decision (instalment_id, attempt) where kind = 'evaluation';
create index decision_by_contract on decision (contract_id, id);

-- Deductions beyond what was earned: claimed from the next instalment, after the last one receivable.
create table claim (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  fund_id text not null,
  made_by text not null references decision,
  amount_fen bigint not null constraint "a claim is worth something" check (amount_fen > 0),
  consumed_by text references decision
);
create index claim_open on claim (contract_id) where consumed_by is null;

-- The organisation handed in its report: from then on nothing can lapse.
create table rectification (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  instalment_id text not null,
  evaluation_id text not null constraint "an evaluation is rectified once" unique,
  submitted_on date not null
);

create trigger is_append_only before update or delete or truncate on decision
  for each statement execute function is_append_only();
revoke update on decision from :app, :consumer;
${['decision', 'claim', 'rectification'].map((table) => rlsPolicies(table)).join('')}
revoke insert, update on rectification from :app;
`,
};
