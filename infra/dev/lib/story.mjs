/** The Yanji story and the last lines of `npm start`. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dim, say, step, Stop } from './log.mjs';
import { familyOf, residentBytes, run } from './process.mjs';
import { speakers } from '../story/client.mjs';
import { standing } from '../story/standing.mjs';
import { DEMO_ACCOUNTS } from './plan.mjs';
import { quietEnvironment, SOURCE_FLAGS } from './runtime.mjs';
import { readJson, ROOT } from './state.mjs';

const TELLER = join(ROOT, 'infra/dev/story/run.mjs');
const CLOCK = join(ROOT, 'infra/dev/clock.mjs');

/**
 * A story that was interrupted stands half-told, and its fixed codes and numbers cannot be used twice. Nobody
 * was told that Mulin was ready on those databases, so they are made anew; called while no server runs.
 * Servers of one's own are nobody's to empty.
 */
export function forgetHalfToldStory(home) {
  if (!isHalfTold(home) || !isEmbedded()) return;
  say(
    '  The story was interrupted last time: starting again from empty databases and an empty broker.',
  );
  const remove = (...path) => rmSync(join(home, ...path), { recursive: true, force: true });
  remove('postgres');
  const kafka = existsSync(join(home, 'kafka')) ? readdirSync(join(home, 'kafka')) : [];
  // The jars of every state folder may live here too; they hold nothing that was told.
  for (const name of kafka) if (!name.startsWith('jars')) remove('kafka', name);
  for (const file of ['tokens.json', 'story.json']) remove(file);
}

/**
 * Tells the story once per state folder, through the GraphQL API and the clock alone, and shows what the
 * teller prints. Answers whether it was told to its end, now or before.
 */
export async function tellStory(home) {
  if (!existsSync(TELLER) || storyOf(home).done) return true;
  if (process.env.OIDC_ISSUER) {
    say(
      '  The Yanji story is not told: its people sign in at the embedded provider, not at OIDC_ISSUER.',
    );
    return true;
  }
  if (isHalfTold(home)) {
    await run(process.execPath, [CLOCK, '--to', 'now'], {
      env: { ...process.env, MULIN_HOME: home },
    });
    say(
      '  The story was interrupted last time and cannot go on: empty your servers, or use --no-story.',
    );
    return false;
  }
  const from = Date.now();
  say('  The Yanji story');
  let line = '';
  const { code, output } = await run(process.execPath, [...SOURCE_FLAGS, TELLER], {
    cwd: ROOT,
    env: quietEnvironment({ MULIN_HOME: home }),
    onOutput: (chunk) => {
      const lines = `${line}${chunk}`.split('\n');
      line = lines.pop();
      for (const one of lines) say(`    ${one}`);
    },
  });
  if (code !== 0) {
    await step('The story', () => Promise.reject(new Error('not told')), from).catch(() => {});
    say(`    ${output.trim().split('\n').slice(-3).join('\n    ')}`);
    if (isEmbedded()) say('    The next start begins again from empty databases.');
    return false;
  }
  await step('The story', () => 'told', from);
  return true;
}

const storyOf = (home) => readJson(join(home, 'story.json')) ?? {};
const isEmbedded = () => !process.env.DATABASE_URL && !process.env.KAFKA_BROKERS;
const isHalfTold = (home) => Boolean(storyOf(home).begun && !storyOf(home).done);

/**
 * How the ledger stands now, read through the API: never what was true when the story ended. Where another
 * provider signs people in there is nobody here who may read it.
 */
export async function howItStands({ graphql, issuer, services }) {
  if (!services.identity) return { balances: true, lines: [] };
  try {
    return await standing({
      as: speakers({ graphql, issuer, accounts: readJson(DEMO_ACCOUNTS) ?? [] }),
    });
  } catch (error) {
    return { balances: false, lines: [`How it stands could not be read: ${error.message}`] };
  }
}

/** What the reader does next: addresses, who can sign in, and how it stands; and what all of it costs. */
export function readyBlock(home, run, { took, lines }) {
  const accounts = run.services.identity ? (readJson(DEMO_ACCOUNTS) ?? []) : [];
  const width = Math.max(0, ...accounts.map(({ account }) => account.length));
  return [
    '',
    `Mulin is ready in ${took}`,
    `  GraphQL    ${run.graphql}`,
    ...(run.issuer ? [`  Sign-in    ${run.issuer} (OpenID Connect)`] : []),
    `  Events     ${run.brokers} (Kafka)`,
    `  State      ${home}`,
    ...memoryLine(run),
    ...(accounts.length ? ['  Demo accounts (npm run token -- --as <account>)'] : []),
    ...accounts.map(
      ({ account, name, roles }) =>
        `    ${account.padEnd(width)}  ${(roles ?? []).join(', ')} ${dim(nameOf(name))}`,
    ),
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

/** What every process of this run holds in memory together, as far as this system tells. */
function memoryLine({ processes }) {
  const pids = [process.pid, ...Object.values(processes)];
  const bytes = pids.flatMap(familyOf).reduce((sum, pid) => sum + residentBytes(pid), 0);
  return bytes > 0
    ? [`  Memory     ${Math.round(bytes / 1024 ** 2)} MB resident, all processes together`]
    : [];
}

const nameOf = (name) =>
  typeof name === 'object' && name !== null
    ? `${name.zh ?? ''} ${name.en ?? ''}`.trim()
    : (name ?? '');

/** Runs every service's checks on the databases of this state folder, and shows them. */
export async function runChecks(home) {
  const { code } = await run(process.execPath, [join(ROOT, 'infra/dev/checks.mjs')], {
    cwd: ROOT,
    env: quietEnvironment({ MULIN_HOME: home }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (code > 1) throw new Stop('The checks could not be run.');
  return code === 0;
}
