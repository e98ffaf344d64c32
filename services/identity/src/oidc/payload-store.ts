import type { Database } from '@mulin/database';
import type { SecretBox } from './secret-box.js';

/** What oidc-provider hands over to be kept. */
interface Payload {
  grantId?: string;
  uid?: string;
  [more: string]: unknown;
}

interface Row {
  id_hash: string;
  sealed: string;
  consumed_at: Date | null;
}

/**
 * oidc-provider's adapter on PostgreSQL, one per model (Session, Grant, RefreshToken …). An id is what
 * its bearer shows, so ids are stored hashed and payloads sealed: a copy of the table opens nothing.
 * Uses the consumer role: nobody is signed in here yet, and GraphQL's role cannot see the table at all.
 */
export class PayloadStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly model: string,
  ) {}

  async upsert(id: string, payload: Payload, expiresInSeconds?: number): Promise<void> {
    const idHash = this.box.hash(id);
    await this.database.consumer.query(
      `insert into oidc_payload (model, id_hash, sealed, grant_id, uid, expires_at)
       values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
       on conflict (model, id_hash) do update
         set sealed = excluded.sealed, grant_id = excluded.grant_id, uid = excluded.uid,
             expires_at = excluded.expires_at`,
      [
        this.model,
        idHash,
        this.box.seal(JSON.stringify(payload), `${this.model} ${idHash}`),
        this.hashOrNull(payload.grantId),
        this.hashOrNull(payload.uid),
        expiresInSeconds ?? null,
      ],
    );
  }

  find(id: string): Promise<Payload | undefined> {
    return this.read('id_hash', id);
  }

  findByUid(uid: string): Promise<Payload | undefined> {
    return this.read('uid', uid);
  }

  /** Device codes, which we do not offer. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    await this.database.consumer.query(
      'update oidc_payload set consumed_at = now() where model = $1 and id_hash = $2',
      [this.model, this.box.hash(id)],
    );
  }

  async destroy(id: string): Promise<void> {
    await this.database.consumer.query(
      'delete from oidc_payload where model = $1 and id_hash = $2',
      [this.model, this.box.hash(id)],
    );
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.database.consumer.query('delete from oidc_payload where grant_id = $1', [
      this.box.hash(grantId),
    ]);
  }

  private async read(column: 'id_hash' | 'uid', value: string): Promise<Payload | undefined> {
    const [row] = await this.database.consumer.query<Row[]>(
      `select id_hash, sealed, consumed_at from oidc_payload
       where model = $1 and ${column} = $2 and (expires_at is null or expires_at > now())`,
      [this.model, this.box.hash(value)],
    );
    const text = row && this.box.open(row.sealed, `${this.model} ${row.id_hash}`);
    if (!row || typeof text !== 'string') return undefined;
    // Sealed by `upsert` and opened unaltered: it is the payload it was.
    const payload = JSON.parse(text) as Payload;
    const consumed = row.consumed_at && Math.floor(row.consumed_at.getTime() / 1000);
    return consumed ? { ...payload, consumed } : payload;
  }

  private hashOrNull(value: string | undefined): string | null {
    return value === undefined ? null : this.box.hash(value);
  }
}

/** Removes what has expired; run now and then, by any replica. Answers how many rows went. */
export async function sweepExpired(database: Database): Promise<number> {
  const [row] = await database.consumer.query<{ gone: number }[]>(
    `with payloads as (delete from oidc_payload where expires_at < now() returning 1),
          throttles as (delete from login_throttle where last_at < now() - interval '2 days' returning 1)
     select ((select count(*) from payloads) + (select count(*) from throttles))::int as gone`,
  );
  return row?.gone ?? 0;
}
