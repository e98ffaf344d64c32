import type { Migration } from './migrate.js';

/**
 * An idempotency key whose time is over may be taken again at once, without waiting for the hourly
 * clean-up. The app role may still change or delete no key that is alive.
 */
export const expiredKeysMigration: Migration = {
  name: '1763800000002-expired-keys',
  up: /* sql */ `
create function mulin.forget_expired_key(whose text, which text) returns void
  language sql security definer set search_path = mulin, pg_temp
  as $$ delete from mulin.idempotency where actor = whose and key = which and kept_until <= now() $$;
revoke execute on function mulin.forget_expired_key(text, text) from public;
grant execute on function mulin.forget_expired_key(text, text) to :app;
`,
};
