import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';

interface Callbacks {
  update: (supergraphSdl: string) => void;
}

/**
 * Gives the gateway its supergraph from a file and again whenever the file changes. It compares contents
 * once in a while instead of listening for changes, because mounted configuration is swapped by links,
 * which file events miss. A file that does not parse changes nothing: the old supergraph goes on serving.
 */
export function supergraphFrom(path: string, options: { log: Logger; pollMs: number }) {
  const { log, pollMs } = options;
  return async ({
    update,
  }: Callbacks): Promise<{ supergraphSdl: string; cleanup: () => Promise<void> }> => {
    const first = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new Error(`No supergraph at ${path}; \`npm run schema\` writes it`, { cause });
    });
    let seen = first;
    let looking = false;
    const look = async (): Promise<void> => {
      if (looking) return;
      looking = true;
      try {
        const text = await readFile(path, 'utf8');
        if (text === seen) return;
        seen = text;
        update(text);
        log.info({ path }, 'the supergraph changed');
      } catch (error) {
        log.error(
          { path, err: error },
          'the changed supergraph is not usable; the old one goes on',
        );
      } finally {
        looking = false;
      }
    };
    const timer = setInterval(() => void look(), pollMs);
    timer.unref();
    return {
      supergraphSdl: first,
      cleanup: async () => clearInterval(timer),
    };
  };
}
