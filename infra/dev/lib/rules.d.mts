/** What it needs of a client of PostgreSQL. */
export interface RulesClient {
  query(sql: string, values?: unknown[]): Promise<{ rows: { row?: unknown }[] }>;
}

export function loadRules(client: RulesClient, document: unknown): Promise<string[]>;
