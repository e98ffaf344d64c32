import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/**
 * The structured log of a service. It never gets variables, arguments or rows: those may hold what a
 * person typed. Errors are logged by class, SQLSTATE and stack, because a message may quote a value.
 */
export function serviceLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service },
    serializers: { error: describeError },
  });
}

/** What may be logged of an error: database messages quote values, so they are left out. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  // GraphQL wraps what a resolver threw, and repeats its message.
  if ('originalError' in error && error.originalError instanceof Error) {
    return describeError(error.originalError);
  }
  const sqlState = 'code' in error ? error.code : undefined;
  const isDatabase = 'query' in error || 'driverError' in error || 'severity' in error;
  const stack = error.stack
    ?.split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n');
  return {
    type: error.name,
    code: sqlState,
    constraint: 'constraint' in error ? error.constraint : undefined,
    message: isDatabase ? undefined : error.message,
    stack,
    cause: error.cause instanceof Error ? describeError(error.cause) : undefined,
  };
}

/** Nest's own messages, into the same log. */
export function nestLogger(log: Logger): LoggerService {
  const at =
    (level: 'info' | 'error' | 'warn' | 'debug') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
      if (message instanceof Error) log[level]({ context, error: message });
      else log[level]({ context }, String(message));
    };
  return {
    log: at('debug'),
    error: at('error'),
    warn: at('warn'),
    debug: at('debug'),
    verbose: at('debug'),
  };
}
