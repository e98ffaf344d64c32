import pg from 'pg';

/** The cluster that all suites of a run share: the administrator's connection string. */
export function testPostgresUrl(): string {
  return fromEnvironment('MULIN_TEST_PG', 'PostgreSQL');
}

/** The broker that all suites of a run share, as `brokers` of kafkajs. */
export function testBrokers(): string[] {
  return fromEnvironment('MULIN_TEST_KAFKA', 'Kafka').split(',');
}

function fromEnvironment(name: string, server: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(
    `This test needs the run's ${server}, and ${name} is not set. Jest's global setup starts it unless MULIN_UNIT=1.`,
  );
}

/** One connection for one piece of work. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server and person, another database. */
export function inDatabase(url: string, name: string): string {
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.toString();
}
