/** SQLSTATE of a database error, as the driver and TypeORM hand it on; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) {
    return error.code;
  }
  if ('driverError' in error) return sqlState(error.driverError);
  return undefined;
}

/** The name of the violated constraint: constraints are sentences, so tests and refusals can name them. */
export function violatedConstraint(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('constraint' in error && typeof error.constraint === 'string') return error.constraint;
  if ('driverError' in error) return violatedConstraint(error.driverError);
  return undefined;
}

/**
 * Runs a transaction again when PostgreSQL chose it as the victim of a deadlock or a serialisation
 * conflict (SQLSTATE class 40): it left nothing behind, so a repetition is safe. Five times at most.
 */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= 5 || !sqlState(error)?.startsWith('40')) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 10 * Math.random()));
    }
  }
}
