/** The Yanji story and the last lines of `npm start`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dim, say, step, Stop } from './log.mjs';
import { run } from './process.mjs';
import { DEMO_ACCOUNTS } from './plan.mjs';
import { quietEnvironment, SOURCE_FLAGS } from './runtime.mjs';
import { readJson, ROOT } from './state.mjs';

const TELLER = join(ROOT, 'infra/dev/story/run.mjs');

/**
 * Tells the story once per state folder, through the GraphQL API and the clock alone, and shows what the
 * teller prints. Answers whether it was told to its end, now or before.
 */
export async function tellStory(home) {
  if (!existsSync(TELLER) || storyOf(home).done) return true;
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
    return false;
  }
  await step('The story', () => 'told', from);
  return true;
}

const storyOf = (home) => readJson(join(home, 'story.json')) ?? {};

/** What the reader does next: addresses, who can sign in, and how the story ended. */
export function readyBlock(home, run, took) {
  const accounts = run.services.identity ? (readJson(DEMO_ACCOUNTS) ?? []) : [];
  const width = Math.max(0, ...accounts.map(({ account }) => account.length));
  return [
    '',
    `Mulin is ready in ${took}`,
    `  GraphQL    ${run.graphql}`,
    ...(run.issuer ? [`  Sign-in    ${run.issuer} (OpenID Connect)`] : []),
    `  Events     ${run.brokers} (Kafka)`,
    `  State      ${home}`,
    ...(accounts.length ? ['  Demo accounts (npm run token -- --as <account>)'] : []),
    ...accounts.map(
      ({ account, name, roles }) =>
        `    ${account.padEnd(width)}  ${(roles ?? []).join(', ')} ${dim(nameOf(name))}`,
    ),
    ...(storyOf(home).lines ?? []).map((line) => `  ${line}`),
  ].join('\n');
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
