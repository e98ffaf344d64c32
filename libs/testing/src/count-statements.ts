import type { DataSource } from 'typeorm';

export interface Counted<T> {
  result: T;
  /** How many statements reached PostgreSQL, without begin, commit, rollback and savepoints. */
  count: number;
  statements: string[];
}

const TRANSACTION_CONTROL = /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i;

/**
 * Counts what `work` asks of the database through this DataSource, so that a test can say "the same
 * number for 1 row and for 100". One count at a time per DataSource.
 */
export async function countStatements<T>(
  dataSource: DataSource,
  work: () => Promise<T>,
): Promise<Counted<T>> {
  const statements: string[] = [];
  const { logger } = dataSource;
  dataSource.logger = new Proxy(logger, {
    get(target, property) {
      if (property === 'logQuery') {
        return (sql: string, ...rest: []) => {
          if (!TRANSACTION_CONTROL.test(sql)) statements.push(sql);
          target.logQuery(sql, ...rest);
        };
      }
      const member: unknown = Reflect.get(target, property);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  try {
    return { result: await work(), count: statements.length, statements };
  } finally {
    dataSource.logger = logger;
  }
}
