import pg from 'pg';

const names = new Map<string, string>();

/**
 * Marks a statement whose plan each connection keeps, instead of making it anew for every call. For statements of hot
 * paths, written in code, that find their rows by keys: their best plan is the same for one row and for five hundred.
 *
 * @param sql always the same text; what differs from call to call are the parameters
 */
export function kept(sql: string): string {
  if (!names.has(sql)) names.set(sql, `kept_${names.size + 1}`);
  return sql;
}

/** The connection that our pools open: keeps the plans of {@link kept} statements, and sends together what comes together. */
export class Client extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const { stream } = this.connectionOf();
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    // One method with many overloads: whatever is handed in is handed on.
    this.query = ((config: unknown, values: unknown, ...rest: unknown[]) => {
      stream.cork();
      process.nextTick(() => stream.uncork());
      const name = typeof config === 'string' ? names.get(config) : undefined;
      return name ? query({ name, text: config, values }, ...rest) : query(config, values, ...rest);
    }) as typeof this.query;
  }

  /** pg's typings do not show it; without it every statement is a write of its own. */
  private connectionOf(): { stream: NodeJS.WritableStream & { cork(): void; uncork(): void } } {
    return (this as unknown as { connection: ReturnType<Client['connectionOf']> }).connection;
  }
}
