import type { Migration } from '@mulin/database';

/** What each service told of its seals, kept in a database that none of them can reach (docs/decisions/0010). */
export const auditHeads: Migration = {
  name: '1763900000024-audit-heads',
  up: /* sql */ `
create table audit_head (
  event_id text primary key,
  service text not null,
  -- 1, 2, 3 … of each service: one that was taken away leaves a hole.
  no integer not null,
  told_at timestamptz(3) not null,
  -- As it was signed, letter by letter.
  payload json not null,
  constraint "a service tells each of its heads once" unique (service, no)
);
create trigger is_append_only before update or delete or truncate on audit_head
  for each statement execute function mulin.is_append_only();
revoke insert, update on audit_head from :app;
revoke update on audit_head from :consumer;
`,
};
