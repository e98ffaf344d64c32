/**
 * PostgreSQL refuses to run as root. As root it runs as the user `postgres`, or as `nobody` where that
 * user is missing; for everybody else it runs as themselves.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Stop } from './log.mjs';

const NOBODY = 65534;

/** Who runs the server, how a file becomes theirs, and how a command is started as them. */
export function serverUser(paths) {
  const asIs = { own: () => {}, wrap: (command, args) => [command, args, {}] };
  if (process.getuid?.() !== 0) return asIs;
  const { uid, gid } = accountOf('postgres') ?? { uid: NOBODY, gid: NOBODY };
  const own = (path) => chownSync(path, uid, gid);
  if (paths.every((path) => othersMayEnter(path)))
    return { own, wrap: (command, args) => [command, args, { uid, gid }] };
  // A checkout below /root or a private temporary folder: the other user may not even pass through it.
  // It keeps its own name (PostgreSQL insists) and gets the one right it lacks.
  if (spawnSync('setpriv', ['--version']).error) {
    throw new Stop(
      `PostgreSQL cannot run as root, and no other user may enter ${dirname(paths[0])}. Move the checkout to a folder that others may enter, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  const wrap = (command, args) => [
    'setpriv',
    [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--',
      command,
      ...args,
    ],
    {},
  ];
  return { own, wrap };
}

export function accountOf(name) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

export function othersMayEnter(path) {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(folder)) continue;
    try {
      const probe = spawnSync('test', ['-x', folder], { uid: NOBODY, gid: NOBODY, cwd: '/' });
      if (probe.status !== 0) return false;
    } catch {
      return false;
    }
  }
  return true;
}
