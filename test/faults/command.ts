/** `npm run faults` (infra/dev/faults.mjs): a long run, of one kind of death or of all of them. */
import { parseArgs } from 'node:util';
import { chaos, VICTIMS, type VictimName } from './lib/chaos.js';
import { Random } from './lib/random.js';
import { Servers } from './lib/servers.js';
import { table } from './lib/table.js';

const { values } = parseArgs({
  options: {
    evaluations: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '50' },
    rate: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    victim: { type: 'string', default: 'all' },
  },
});

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const seed = Number(values.seed);
const victims: readonly [VictimName, ...VictimName[]] =
  values.victim === 'all' ? VICTIMS : [known(values.victim)];

say(`Seed ${seed}: the same seed picks the same scores, victims and moments.`);
const servers = await Servers.start();
try {
  const report = await chaos(servers, {
    name: 'command',
    victims,
    evaluations: Number(values.evaluations),
    kills: Number(values.kills),
    perSecond: Number(values.rate),
    random: new Random(seed),
    say,
  });
  const fault = `kill ${victims.length > 1 ? 'any of them' : victims[0]}`;
  say(`\n${table(seed, [{ fault, report }])}\n`);
  if (report.restarts)
    say(`Services that ended by themselves were started again ${report.restarts} times.`);
  for (const violation of report.violations.slice(0, 20)) say(`✗ ${violation}`);
  say(
    report.violations.length ? `✗ ${report.violations.length} violations.` : '✓ I1–I4 and I6 hold.',
  );
  process.exitCode = report.violations.length ? 1 : 0;
} finally {
  await servers.stop();
}

function known(name: string): VictimName {
  const found = VICTIMS.find((each) => each === name);
  if (!found) throw new Error(`--victim is one of ${VICTIMS.join(', ')} or all, not ${name}`);
  return found;
}
