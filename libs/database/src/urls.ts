/** One connection string per database role of a service; every role may do only its own work. */
export interface DatabaseUrls {
  /** GraphQL: under row-level security. */
  app: string;
  /** Event handlers and timers: their batches span streets; never reachable from GraphQL. */
  consumer: string;
  /** Reads and marks the outbox, nothing else. */
  relay: string;
  /** Reads everything, writes nothing: `npm run checks`, auditors' queries. */
  checks: string;
  /** Owns the tables; used by migrations only. */
  migrate: string;
  /** May move the development clock; does not exist in production. */
  dev?: string;
}

export const DATABASE_ROLES = ['migrate', 'app', 'consumer', 'relay', 'checks', 'dev'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** The cluster-wide login of one role of a service: `payments_app`. */
export function roleName(service: string, role: DatabaseRole): string {
  return `${service}_${role}`;
}
