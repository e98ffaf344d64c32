import { fen, type Fen } from './fen.js';

/**
 * TypeORM column transformer between a `bigint` column and {@link Fen}. PostgreSQL's driver hands
 * bigints over as strings; without this they would reach the code as text, or worse as numbers.
 * `@Column({ type: 'bigint', transformer: fenColumn })`. Null stays null; undefined stays undefined,
 * which is how TypeORM says that a column takes no part in a statement.
 */
export const fenColumn = {
  to(amount: bigint | null | undefined): string | null | undefined {
    return typeof amount === 'bigint' ? fen(amount).toString() : amount;
  },
  from(stored: string | null | undefined): Fen | null | undefined {
    return typeof stored === 'string' ? fen(stored) : stored;
  },
};
