import { kept, type Tx } from '@mulin/database';
import { type Fen, fen } from '@mulin/money';
import type { Attempt, DecisionKind, PaymentRule, PreviousDecision } from '@mulin/payment-rule';
import { frozenRule } from '../term/frozen-rule.js';

/** A decision that stands: what the next one about the same instalment must know of it. */
export interface StandingDecision extends PreviousDecision {
  id: string;
  no: number;
  causeId: string;
  /** Ids of the breaches that it charged. */
  breachIds: string[];
}

/** A deduction that was carried and is not yet taken from anything. */
export interface OpenClaim {
  id: string;
  fundId: string;
  fiscalYear: number;
  amountFen: Fen;
  /** The decision that carried it. */
  madeBy: string;
}

/** Everything that payments knows about one instalment when a cause concerns it. */
export interface Matter {
  /** Which of the questions it answers. */
  question: number;
  street: string;
  contractId: string;
  organisationId: string;
  rule: PaymentRule;
  instalment: {
    id: string;
    no: number;
    kind: 'advance' | 'evaluated';
    amountFen: Fen;
    fundId: string;
    /** Last day of the period that is evaluated; null for an advance. */
    periodTo: string | null;
  };
  fiscalYear: number;
  /** Last day of its contract, where that ended early. */
  terminatedOn: string | null;
  /** The fund's fiscal year has ended: what comes back can no longer be spent. */
  fundYearIsOver: boolean;
  /** Whether its money is reserved: nothing is decided before. */
  isReserved: boolean;
  /** The decision whose figures hold; null while it is undecided. */
  standing: StandingDecision | null;
  /** The decision that this very cause has led to already, with the canonical JSON of its inputs. */
  already: { id: string; inputs: string } | null;
  /** Claims of the whole contract that its next first decision takes in. */
  openClaims: OpenClaim[];
  /** Breaches of this instalment that two people have withdrawn by a reversal. */
  withdrawn: string[];
  /** The evaluations of this instalment whose rectification was handed in. */
  rectified: string[];
}

/**
 * The early end of the contract has decided this instalment for good. It and what else concerns the instalment come on
 * different topics: whichever is read first, the instalment is decided once, and the later one is no mistake.
 */
export const takenByTermination = (standing: Matter['standing']): boolean =>
  standing?.kind === 'termination';

/** A cause and what it concerns: one instalment, or with null all instalments of the contract. */
export interface Question {
  contractId: string;
  instalmentId: string | null;
  causeId: string;
}

/**
 * Reads what a group of causes concerns, in one statement however many they are. Nothing comes back for a
 * contract whose terms are not known, or an instalment that is not among them.
 */
export async function readMatters(
  tx: Tx,
  kind: DecisionKind | 'reversal',
  questions: readonly Question[],
): Promise<Matter[]> {
  const rows = await tx.query<Row[]>(questions.length > FEW ? MATTERS : MATTERS_OF_FEW, [
    questions.map(({ contractId }) => contractId),
    questions.map(({ instalmentId }) => instalmentId),
    questions.map(({ causeId }) => causeId),
    kind,
  ]);
  return rows.map(matterOf);
}

const FEW = 20;

// For a full chunk another plan is the better one than for a few, and it is the dearest statement there: planned anew.
const MATTERS = /* sql */ `
select q.n::int - 1 as question, t.street, t.contract_id, t.organisation_id, t.rule::text as rule,
  t.terminated_on::text,
  i.id, i.no, i.kind, i.amount_fen, i.fund_id, i.period_to::text, f.fiscal_year,
  coalesce((select extract(year from mulin.now() at time zone 'Asia/Shanghai')) > f.fiscal_year, false) as year_is_over,
  exists (select from reserved_instalment r where r.instalment_id = i.id and not r.released) as is_reserved,
  standing.*, already.id as already_id, already.inputs as already_inputs,
  (select json_agg(json_build_array(c.id, c.fund_id, cf.fiscal_year, c.amount_fen::text,
      c.made_by) order by c.id)
    from claim c join fund cf on cf.id = c.fund_id
    where c.contract_id = t.contract_id and c.consumed_by is null) as open_claims,
  (select json_agg(breach)
    from (select id from decision where instalment_id = i.id and kind = 'reversal' order by no) d
      join reversal on reversal.id = d.id,
      jsonb_array_elements_text(reversal.withdrawn_breach_ids) as breach) as withdrawn,
  (select json_agg(r.evaluation_id) from rectification r where r.instalment_id = i.id) as rectified
from unnest($1::text[], $2::text[], $3::text[]) with ordinality as q (contract_id, instalment_id, cause_id, n)
join term t on t.contract_id = q.contract_id
join instalment i on i.contract_id = q.contract_id and (q.instalment_id is null or i.id = q.instalment_id)
left join fund f on f.id = i.fund_id
left join lateral (
  select id, inputs from decision
  where kind = $4 and cause_id = q.cause_id and instalment_id = i.id limit 1
) already on true
left join lateral (
  select d.id as standing_id, d.no as standing_no, d.kind as standing_kind, d.cause_id, d.rule_version,
    d.attempt, d.amount_fen as standing_fen, d.released_fen, d.reduced_fen, d.rectification_fen,
    d.retained_fen, d.claim_in_fen, d.carry_out_fen, d.carry_waiting_fen,
    d.inputs::jsonb #>> '{breaches}' as breaches
  from decision d where d.instalment_id = i.id order by d.no desc limit 1
) standing on true
order by q.n, i.no`;

const MATTERS_OF_FEW = kept(`${MATTERS} -- of few`);

/** Amounts come as digits; the database's own checks have made them what they must be. */
interface Row {
  question: number;
  street: string;
  contract_id: string;
  organisation_id: string;
  rule: string;
  terminated_on: string | null;
  id: string;
  no: number;
  kind: 'advance' | 'evaluated';
  amount_fen: string;
  fund_id: string;
  period_to: string | null;
  /** Null where the contract names a fund that there is not; nothing is reserved then. */
  fiscal_year: number | null;
  year_is_over: boolean;
  is_reserved: boolean;
  standing_id: string | null;
  standing_no: number;
  standing_kind: PreviousDecision['kind'];
  cause_id: string;
  rule_version: number;
  attempt: Attempt | null;
  standing_fen: string;
  released_fen: string;
  reduced_fen: string;
  rectification_fen: string;
  retained_fen: string;
  claim_in_fen: string;
  carry_out_fen: string;
  carry_waiting_fen: string;
  breaches: string | null;
  already_id: string | null;
  already_inputs: string | null;
  open_claims: [string, string, number, string, string][] | null;
  withdrawn: string[] | null;
  rectified: string[] | null;
}

function matterOf(row: Row): Matter {
  return {
    question: row.question,
    street: row.street,
    contractId: row.contract_id,
    organisationId: row.organisation_id,
    rule: frozenRule(row.rule),
    instalment: {
      id: row.id,
      no: row.no,
      kind: row.kind,
      amountFen: fen(row.amount_fen),
      fundId: row.fund_id,
      periodTo: row.period_to,
    },
    fiscalYear: row.fiscal_year ?? 0,
    terminatedOn: row.terminated_on,
    fundYearIsOver: row.year_is_over,
    isReserved: row.is_reserved,
    standing: row.standing_id === null ? null : standingOf(row, row.standing_id),
    already:
      row.already_id === null ? null : { id: row.already_id, inputs: row.already_inputs ?? '' },
    openClaims: (row.open_claims ?? []).map(([id, fundId, fiscalYear, amount, madeBy]) => ({
      madeBy,
      id,
      fundId,
      fiscalYear,
      amountFen: fen(amount),
    })),
    withdrawn: row.withdrawn ?? [],
    rectified: row.rectified ?? [],
  };
}

function standingOf(row: Row, id: string): StandingDecision {
  // Written by ourselves as the rule library's canonical inputs.
  const breaches = JSON.parse(row.breaches ?? '[]') as { id: string }[];
  return {
    id,
    no: row.standing_no,
    kind: row.standing_kind,
    causeId: row.cause_id,
    ruleVersion: row.rule_version,
    attempt: row.attempt,
    amountFen: fen(row.standing_fen),
    releasedFen: fen(row.released_fen),
    reducedFen: fen(row.reduced_fen),
    rectificationFen: fen(row.rectification_fen),
    retainedFen: fen(row.retained_fen),
    claimInFen: fen(row.claim_in_fen),
    carryOutFen: fen(row.carry_out_fen),
    carryWaitingFen: fen(row.carry_waiting_fen),
    breachIds: breaches.map((breach) => breach.id),
  };
}
