import type { ChaosReport } from './chaos.js';

const COLUMNS = [
  'fault',
  'evaluations',
  'kills',
  'payments due',
  'decided once',
  'paid twice',
  'lost',
  'worst recovery',
  'seed',
];

/** The table that a run prints: what was broken, and what it did to the money. */
export function table(
  seed: number,
  reports: readonly { fault: string; report: ChaosReport }[],
): string {
  const lines = reports.map(({ fault, report }) => [
    fault,
    String(report.evaluations),
    String(report.kills),
    String(report.due),
    String(report.decidedOnce),
    String(report.paidTwice),
    String(report.lost),
    [...report.worstMs].map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', '),
    String(seed),
  ]);
  const all = [COLUMNS, ...lines];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...all.map((line) => line[column]?.length ?? 0)),
  );
  return all
    .map(
      (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
    )
    .join('\n');
}
