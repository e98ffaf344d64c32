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
