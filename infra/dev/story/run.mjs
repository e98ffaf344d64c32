/** Tells the Yanji story against the running Mulin; `npm start` does it once per state folder. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder, readJson, requireRunning, ROOT, writeJson } from '../lib/state.mjs';
import { speakers } from './client.mjs';
import { tellYanji } from './story.mjs';

const home = homeFolder();
const { graphql, issuer } = requireRunning(home);
const accounts = readJson(join(ROOT, 'infra/dev/demo-accounts.json'));
const facts = JSON.parse(readFileSync(new URL('./facts.json', import.meta.url), 'utf8'));
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

function moveClock(daysAgo) {
  const args = daysAgo === 0 ? ['--to', 'now'] : ['--set', `-${daysAgo}d`];
  return spawnSync(process.execPath, [join(ROOT, 'infra/dev/clock.mjs'), ...args], {
    env: { ...process.env, MULIN_HOME: home },
    encoding: 'utf8',
  });
}

function clock(daysAgo) {
  const { status, stderr } = moveClock(daysAgo);
  if (status !== 0) throw new Error(`The clock did not move: ${stderr}`);
}

const file = join(home, 'story.json');
// A story that ends half-way cannot go on: the next start reads this and begins from empty databases.
writeJson(file, { begun: true });
try {
  await tellYanji({
    as: speakers({ graphql, issuer, accounts }),
    facts,
    accounts,
    clock,
    today,
    tell: (line) => console.log(line),
  });
  writeJson(file, { begun: true, done: true });
} finally {
  // However it ended, nobody is left in the past. The error that ended it is the one to be seen.
  moveClock(0);
}
