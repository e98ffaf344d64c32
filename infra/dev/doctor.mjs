/** `npm run doctor`: looks at everything a start needs and says, line by line, what is well and what to do. */

import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { readOptions } from './lib/args.mjs';
import { dim, fail, green, red, say } from './lib/log.mjs';
import { installNeeded } from './lib/install.mjs';
import { checkJava, checkMaven, checkNode } from './lib/machine.mjs';
import { CHECKER_NEEDS, checkerState } from './lib/ocds-checker.mjs';
import { isFree } from './lib/ports.mjs';
import { nativeFolder } from './lib/postgres.mjs';
import { accountOf, othersMayEnter } from './lib/postgres-user.mjs';
import { isAlive, isOurs, readPid, run } from './lib/process.mjs';
import { homeFolder, isRunning, readJson, readRun, ROOT, sharedFolder } from './lib/state.mjs';

const GB = 1024 ** 3;

/** Every look answers `{ title, ok, found, remedy }`; a look that cannot be taken answers nothing. */
const looks = {
  node: () => ({ title: 'Node.js', ...checkNode() }),
  java: () => ({ title: 'JDK', ...checkJava() }),
  maven: () => ({ title: 'Maven', ...checkMaven() }),
  packages: () => ({
    title: 'Packages',
    ok: !installNeeded(),
    found: 'as package-lock.json names them',
    remedy: 'node_modules is not what package-lock.json names: npm start will run npm ci.',
  }),
  postgres: postgresStarts,
  user: () => ({ title: 'User', ok: true, found: userFound() }),
  disk: () => room('Disk', statfsSync(ROOT), 3),
  memory: () => ({
    title: 'Memory',
    ok: totalmem() > 3 * GB,
    found: `${(totalmem() / GB).toFixed(1)} GB`,
    remedy:
      'Less than 3 GB of memory: start with KAFKA_BROKERS set to a broker on another machine.',
  }),
  sharedMemory: () =>
    room(
      'Shared memory',
      statfsSync('/dev/shm'),
      0.06,
      'PostgreSQL needs /dev/shm (in a container: --shm-size=256m).',
    ),
  files: () => {
    const limit = Number(
      /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
    );
    return {
      title: 'Open files',
      ok: limit >= 4096,
      found: `${limit} allowed`,
      remedy: `Only ${limit} open files are allowed, Kafka needs 4096: run ulimit -n 4096 first.`,
    };
  },
  locale: async () => {
    const { code, output } = await run('locale', ['-a']);
    if (code !== 0) return null;
    return {
      title: 'Locale',
      ok: /^C\.utf-?8$/im.test(output),
      found: 'C.UTF-8',
      remedy: 'The locale C.UTF-8 is missing, PostgreSQL needs it (Debian: apt install locales).',
    };
  },
  loopback: async (home) => {
    const taken = [];
    for (const port of [4000, 5433, 9092]) if (!(await isFree(port))) taken.push(port);
    return {
      title: 'Ports',
      ok: true,
      found: taken.length
        ? `taken: ${taken.join(', ')} (${isRunning(readRun(home)) ? 'Mulin runs here already' : 'the next ones are used'})`
        : '4000, 5433 and 9092 are free',
    };
  },
  state: (home) => stateFound(home),
  orphans: (home) => orphansFound(home),
  checker: checkerFound,
  settings: () => ({
    title: 'Settings',
    ok:
      process.env.NODE_ENV !== 'production' ||
      Boolean(process.env.DATABASE_URL && process.env.KAFKA_BROKERS),
    found:
      ['DATABASE_URL', 'KAFKA_BROKERS', 'OIDC_ISSUER', 'SUPERGRAPH']
        .filter((name) => process.env[name])
        .join(', ') || 'none: all servers are embedded',
    remedy:
      'NODE_ENV=production refuses the embedded servers: unset it, or set DATABASE_URL and KAFKA_BROKERS.',
  }),
};

async function postgresStarts() {
  try {
    const { code, output } = await run(join(nativeFolder(), 'bin/postgres'), ['--version'], {
      env: { LD_LIBRARY_PATH: join(nativeFolder(), 'lib') },
    });
    return {
      title: 'PostgreSQL',
      ok: code === 0,
      found: output.trim(),
      remedy: `The embedded PostgreSQL does not run here: ${output.trim()} (set DATABASE_URL)`,
    };
  } catch (error) {
    return { title: 'PostgreSQL', ok: false, remedy: error.message };
  }
}

/** For `npm test` only; where it is not installed yet, whether it can be. */
async function checkerFound() {
  const state = checkerState();
  const found = {
    absent: 'no schema at hand (../shared/data): packages are not checked against it',
    ready: 'installed',
    needed: 'npm test installs it, once',
  }[state];
  const able = state !== 'needed' || (await run('python3', ['-c', 'import ensurepip'])).code === 0;
  return { title: 'OCDS checker', ok: able, found, remedy: `npm test fails. ${CHECKER_NEEDS}` };
}

function userFound() {
  if (process.getuid?.() !== 0) return `uid ${process.getuid?.() ?? '?'}: everything runs as you`;
  const account = accountOf('postgres');
  const who = account ? 'the user postgres' : 'uid 65534, as there is no user postgres';
  return `root; PostgreSQL runs as ${who}${othersMayEnter(join(ROOT, '.mulin/x')) ? '' : ', with the right to enter this private folder'}`;
}

function room(title, { bavail, bsize }, wantedGb, remedy) {
  const free = (bavail * bsize) / GB;
  return {
    title,
    ok: free >= wantedGb,
    found: `${free.toFixed(1)} GB free`,
    remedy: remedy ?? `Only ${free.toFixed(1)} GB are free here; ${wantedGb} GB are needed.`,
  };
}

function stateFound(home) {
  const run = readRun(home);
  if (!run) return { title: 'State', ok: true, found: `${home}: nothing yet` };
  const story = readJson(join(home, 'story.json'))?.done ? 'story told' : 'story not told yet';
  const how = isRunning(run)
    ? `running since ${run.startedAt} (process ${run.pid}), ${run.graphql}`
    : `stopped, last started ${run.startedAt}`;
  return { title: 'State', ok: true, found: `${home}: ${how}; ${story}` };
}

function orphansFound(home) {
  const left = isRunning(readRun(home))
    ? []
    : (readJson(join(home, 'pids.json')) ?? []).filter(({ pid, mark }) => isOurs(pid, mark));
  const tests = foldersOf(sharedFolder()).filter(([, pid]) => !isAlive(pid));
  const running = tests.filter(([folder]) =>
    isOurs(readPid(join(folder, 'postgres/postmaster.pid')), folder),
  );
  const found = left.length + running.length;
  return {
    title: 'Left behind',
    ok: found === 0,
    found: 'no server without its supervisor',
    remedy: `${found} server(s) run without their supervisor: the next npm start or npm test stops them.`,
  };
}

function foldersOf(parent) {
  try {
    return readdirSync(parent)
      .filter((name) => /^test-\d+$/.test(name))
      .map((name) => [join(parent, name), Number(name.slice(5))]);
  } catch {
    return [];
  }
}

async function main() {
  const given = readOptions({ state: { type: 'string' } }, 'npm run doctor -- [--state DIR]');
  const home = homeFolder(given.state);
  let ill = 0;
  for (const look of Object.values(looks)) {
    const finding = await Promise.resolve()
      .then(() => look(home))
      .catch(() => null);
    if (!finding) continue;
    if (!finding.ok) ill += 1;
    say(
      `  ${finding.ok ? green('✓') : red('✗')} ${finding.title.padEnd(14)} ${finding.ok ? dim(finding.found) : finding.remedy}`,
    );
  }
  say(
    ill ? `\n${ill} thing${ill > 1 ? 's' : ''} to mend.` : '\nThis machine is ready for npm start.',
  );
  process.exitCode = ill ? 1 : 0;
}

main().catch(fail);
