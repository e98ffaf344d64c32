import type { Migration } from '@mulin/database';

/** Names and codes of verified organisations are public anyway (社会组织信用信息管理办法 第五条): so a result names its winner. */
export const publicRegister: Migration = {
  name: '1763900000024-public-register',
  up: /* sql */ `
create policy "what was published is public" on organisation for select to :app
  using (current_setting('app.actor', true) = '' and state = 'verified');
`,
};
