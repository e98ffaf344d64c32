import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopOrphan as stopBroker } from '../../../infra/dev/lib/kafka.mjs';
import { stopOrphan as stopDatabase } from '../../../infra/dev/lib/postgres.mjs';
import { isAlive, isOurs, readPid, signalQuietly } from '../../../infra/dev/lib/process.mjs';

const PREFIX = 'faults-';

/** Where a run of this process keeps everything: `<parent>/faults-<pid>`. */
export const ownFolder = (parent: string): string => join(parent, `${PREFIX}${process.pid}`);

/** Ends what earlier runs left behind because they were killed themselves, and removes their folders. */
export async function sweepForgotten(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const folder = join(parent, name);
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.pid'))) {
      const service = readPid(join(folder, file));
      // A number may belong to somebody else by now: the command line must say that it is a service.
      if (service !== null && isOurs(service, 'services/')) signalQuietly(service, 'SIGKILL');
    }
    await stopDatabase(join(folder, 'postgres'));
    await stopBroker(join(folder, 'kafka'));
    rmSync(folder, { recursive: true, force: true });
  }
}
