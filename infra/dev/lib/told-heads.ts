/** What services told of their seals, as insights kept it and as a file brings it from elsewhere. */
import { readFileSync } from 'node:fs';
import { brokenHeads, type SignedHeads, type ToldHeads } from '@mulin/database';
import pg from 'pg';

type Rows = Record<string, unknown>[];
type Query = (sql: string, values?: unknown[]) => Promise<Rows>;

/** The sentences about the heads of one service; none where nobody keeps any. */
export async function toldOf(
  service: string,
  databases: readonly { service: string; url: string }[],
): Promise<{ name: string; find(query: Query): Promise<Rows> }[]> {
  const publicKeys = JSON.parse(process.env.MULIN_AUDIT_PUBLIC_KEYS ?? '[]') as string[];
  const compare = (told: readonly ToldHeads[]) => async (query: Query) =>
    (await brokenHeads({ service, told, publicKeys, query })).map((row) => ({ ...row }));

  const sentence = 'its seals are those it told of before';
  const insights = databases.find((database) => database.service === 'insights');
  const brought = fromFile(service);
  const inFile = brought
    ? [{ name: `${sentence} (${brought.length} times, in the file)`, find: compare(brought) }]
    : [];
  if (!insights) return inFile;
  try {
    const kept = await keptBy(insights.url, service);
    return [
      { name: `${sentence} (${kept.length} times, as insights kept it)`, find: compare(kept) },
      ...inFile,
    ];
  } catch (error) {
    const find = () => Promise.reject(error instanceof Error ? error : new Error(String(error)));
    return [{ name: sentence, find }, ...inFile];
  }
}

async function keptBy(url: string, service: string): Promise<ToldHeads[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'mulin-checks' });
  await client.connect();
  try {
    const { rows } = await client.query<{ no: number; payload: SignedHeads }>(
      'select no, payload from audit_head where service = $1 order by no',
      [service],
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** One payload a line, as `kcat -C -t mulin.audit.events.v1 -o beginning -e` prints them. */
function fromFile(service: string): ToldHeads[] | null {
  const file = process.env.MULIN_HEADS_FILE;
  if (!file) return null;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ no: null, payload: JSON.parse(line) as SignedHeads }))
    .filter(({ payload }) => payload.service === service);
}
