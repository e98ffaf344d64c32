/**
 * `npm run clock`: shows or moves development time in all databases at once (design.md, Clocks).
 * Tokens, Kafka and logs keep real time. Only the development role can do it, and production has none.
 */
import { intervalOption, readOptions } from './lib/args.mjs';
import { fail, say, Stop } from './lib/log.mjs';
import { homeFolder, requireRunning } from './lib/state.mjs';

const USAGE = `npm run clock                    shows the time in the databases
npm run clock -- --advance 20d   goes on by 20 days (w, d, h, m, s; also 1d12h)
npm run clock -- --back 20d      goes back by 20 days: what has happened since then lies in the future
npm run clock -- --set -300d     300 days before the real time
npm run clock -- --to now        back to the real time`;

/** The one statement that these options ask for, with its parameter. */
export function statementFor({ advance, back, set, to }) {
  if ([advance, back, set, to].filter((option) => option !== undefined).length > 1)
    throw new Stop(`One at a time.\n${USAGE}`);
  for (const [name, length] of Object.entries({ advance, back }))
    if (length?.startsWith('-'))
      throw new Stop(
        `--${name} 只接受正的时长；要把时间往回拨，请用 --back ${length.slice(1)}。\n` +
          `--${name} takes no length below zero; to move time back, say --back ${length.slice(1)}.`,
      );
  if (back !== undefined)
    return {
      sql: 'select mulin.advance_clock(-$1::interval) as now',
      values: [intervalOption(back, 'back')],
    };
  if (advance !== undefined)
    return {
      sql: 'select mulin.advance_clock($1::interval) as now',
      values: [intervalOption(advance, 'advance')],
    };
  if (set !== undefined)
    return {
      sql: 'select mulin.set_clock_offset($1::interval) as now',
      values: [intervalOption(set, 'set')],
    };
  if (to !== undefined && to !== 'now') throw new Stop(`--to takes only "now".\n${USAGE}`);
  if (to === 'now') return { sql: "select mulin.set_clock_offset('0') as now", values: [] };
  return { sql: 'select now() + (select shift from mulin.clock_offset) as now', values: [] };
}

async function main() {
  // An option value may begin with a dash (--set -300d): joined to its name, parseArgs takes it.
  const args = process.argv
    .slice(2)
    .join(' ')
    .replace(/--(set|advance|back|to) /g, '--$1=')
    .split(' ')
    .filter(Boolean);
  const given = readOptions(
    {
      advance: { type: 'string' },
      back: { type: 'string' },
      set: { type: 'string' },
      to: { type: 'string' },
      state: { type: 'string' },
    },
    USAGE,
    args,
  );
  const statement = statementFor(given);
  const { services } = requireRunning(homeFolder(given.state));
  const { default: pg } = await import('pg');
  const clients = Object.values(services).map(({ databases }) => {
    if (!databases.dev)
      throw new Stop('These databases have no development role: their time cannot be moved.');
    return new pg.Client({ connectionString: databases.dev });
  });
  try {
    await Promise.all(clients.map((client) => client.connect()));
    // All or none: a clock that moved in one database alone would make nonsense of every deadline.
    await Promise.all(clients.map((client) => client.query('begin')));
    const answers = await Promise.all(
      clients.map((client) => client.query(statement.sql, statement.values)),
    );
    await Promise.all(clients.map((client) => client.query('commit')));
    say(`It is ${inShanghai(answers[0].rows[0].now)} in Shanghai.`);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

function inShanghai(instant) {
  const format = { timeZone: 'Asia/Shanghai', dateStyle: 'full', timeStyle: 'short' };
  return new Intl.DateTimeFormat('en-GB', format).format(instant);
}

if (process.argv[1] === import.meta.filename) main().catch(fail);
