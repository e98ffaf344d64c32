/** What it needs of a client of PostgreSQL. */
export interface RulesClient {
  query(sql: string, values?: unknown[]): Promise<{ rows: { row?: unknown }[] }>;
}

export function loadRules(client: RulesClient, document: unknown): Promise<string[]>;

/** Whose database the lists of a document go into. Throws Stop where they are of more than one service. */
export function serviceOf(document: object): string;
