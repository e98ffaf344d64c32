import { checks as evaluationsChecks } from '../../../services/evaluations/src/checks.js';
import { checks as paymentsChecks } from '../../../services/payments/src/checks.js';
import type { Cause } from './facts.js';
import type { Ask, Rows, Service } from './world.js';

/** What became of the money, and every sentence that is not true. */
export interface Findings {
  decidedOnce: number;
  paidTwice: number;
  lost: number;
  /** Empty when I1–I6 of the reliability rules hold. */
  violations: string[];
}

/** Which service hears which (both directions of I3). */
const HEARS: readonly { from: Service; to: Service }[] = [
  { from: 'contracts', to: 'payments' },
  { from: 'evaluations', to: 'payments' },
  { from: 'contracts', to: 'evaluations' },
];

/**
 * Asks the databases, from outside, whether every cause was paid exactly once and as the rule says (I1),
 * the ledger balances and nothing moved without a cause (I2, I4, I6: the checks of the services), and
 * nothing is on its way any more (I3); the chains of seals are among the checks (I5).
 *
 * @param services whose databases exist in this case
 * @param heard ids of events that were sent without an outbox and must have been received
 */
export async function find(
  ask: Ask,
  {
    causes,
    services,
    heard = [],
    deadLetters = 0,
  }: {
    causes: readonly Cause[];
    services: readonly Service[];
    heard?: readonly string[];
    deadLetters?: number;
  },
): Promise<Findings> {
  const paid = await payments(ask, causes);
  const violations = [
    ...paid.violations,
    ...(await brokenChecks(ask, 'payments', paymentsChecks)),
    ...(services.includes('evaluations')
      ? await brokenChecks(ask, 'evaluations', evaluationsChecks)
      : []),
    ...(await onItsWay(ask, services)),
    ...(await unheard(ask, services, heard)),
    ...(await openLetters(ask, deadLetters)),
  ];
  return { ...paid, violations };
}

interface Decided {
  times: number;
  figures: string;
  payable: string;
}

const DECIDED = /* sql */ `
select kind, cause_id, instalment_id, count(*)::int as times,
  string_agg(concat_ws(' ', released_fen, reduced_fen, rectification_fen, retained_fen), ' and ') as figures,
  sum(coalesce((select sum(case when credit like 'payable:%' then fen else -fen end) from transfer
    where decision_id = decision.id and (credit like 'payable:%' or debit like 'payable:%')), 0)) as payable
from decision group by kind, cause_id, instalment_id`;

/** I1, and the figures: what was decided and what really moved, against what the rule says. */
async function payments(ask: Ask, causes: readonly Cause[]): Promise<Findings> {
  const decided = new Map<string, Decided>();
  for (const row of await ask('payments', DECIDED)) {
    // The columns are those of the statement above.
    decided.set(`${row.kind} ${row.cause_id} ${row.instalment_id}`, row as unknown as Decided);
  }
  const findings: Findings = { decidedOnce: 0, paidTwice: 0, lost: 0, violations: [] };
  for (const { kind, causeId, instalmentId, expected } of causes) {
    const name = `${kind} ${causeId} ${instalmentId}`;
    const found = decided.get(name);
    decided.delete(name);
    const [released] = expected;
    if (!found) {
      findings.lost += 1;
      findings.violations.push(`${name} has no decision`);
    } else if (found.times > 1 || BigInt(found.payable) > released) {
      findings.paidTwice += 1;
      findings.violations.push(
        `${name}: ${found.times} decisions, ${found.payable} fen released, not ${released}`,
      );
    } else {
      findings.decidedOnce += 1;
      const wrong = found.figures !== expected.join(' ') || BigInt(found.payable) !== released;
      if (wrong)
        findings.violations.push(`${name}: ${found.figures}, by the rule ${expected.join(' ')}`);
    }
  }
  for (const name of decided.keys())
    findings.violations.push(`${name} was decided without a cause`);
  return findings;
}

async function brokenChecks(
  ask: Ask,
  service: Service,
  checks: readonly { name: string; sql: string }[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, sql } of checks) {
    const rows = await ask(service, sql);
    if (rows.length > 0)
      broken.push(`not true in ${service}: ${name} (${JSON.stringify(rows[0])})`);
  }
  return broken;
}

async function onItsWay(ask: Ask, services: readonly Service[]): Promise<string[]> {
  const left: string[] = [];
  for (const service of services) {
    const [row] = await ask(
      service,
      `select (select count(*)::int from mulin.outbox where published_at is null) as unpublished,
        (select count(*)::int from mulin.parked) as parked`,
    );
    if (row?.unpublished)
      left.push(`${service}: ${String(row.unpublished)} events were never published`);
    if (row?.parked) left.push(`${service}: ${String(row.parked)} events still wait`);
  }
  return left;
}

/** I3: whatever was published has been received by everyone who listens. */
async function unheard(
  ask: Ask,
  services: readonly Service[],
  heard: readonly string[],
): Promise<string[]> {
  const missing: string[] = [];
  const pairs = HEARS.filter(({ from, to }) => services.includes(from) && services.includes(to));
  for (const { from, to } of pairs) {
    const sent = (await ask(from, SAID)).map(idOf);
    missing.push(
      ...(await notIn(ask, to, sent)).map((id) => `${to} never received ${id} of ${from}`),
    );
  }
  missing.push(
    ...(await notIn(ask, 'payments', heard)).map((id) => `payments never received ${id}`),
  );
  return missing;
}

/** What a service says of its own record is for those who keep it elsewhere. */
const SAID = `select id from mulin.outbox where aggregatetype <> 'audit'`;

async function notIn(ask: Ask, consumer: Service, ids: readonly string[]): Promise<string[]> {
  const rows = await ask(
    consumer,
    `select id from unnest($1::uuid[]) as id
     where not exists (select from mulin.inbox where event_id = id and consumer = $2)`,
    [ids, consumer],
  );
  return rows.map(idOf);
}

async function openLetters(ask: Ask, expected: number): Promise<string[]> {
  const rows = await ask('payments', `select reason from mulin.dead_letter where status = 'open'`);
  if (rows.length === expected) return [];
  const reasons = [...new Set(rows.map(({ reason }) => String(reason)))].join(', ');
  return [`${rows.length} dead letters, not ${expected}: ${reasons}`];
}

const idOf = (row: Rows[number]): string => String(row.id);
