import { LOGGER, type RunningService } from '@mulin/graphql';
import { type Logger, pino, symbols } from 'pino';

/** Everything that the services and the gateway log, as text, at the level that says the most. */
export interface Listening {
  lines: string[];
  /** Hears a service from now on. */
  hear(service: RunningService): void;
  logger(name: string): Logger;
}

export function listenToLogs(): Listening {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  return {
    lines,
    hear: ({ app }) => {
      const log = app.get<Logger>(LOGGER);
      // pino keeps where it writes under a symbol that it publishes; a running logger has no other door.
      Object.assign(log, { [symbols.streamSym]: stream });
      log.level = 'trace';
    },
    logger: (name) => pino({ level: 'trace', name }, stream),
  };
}
