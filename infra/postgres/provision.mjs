/**
 * Makes or repairs a service's database and roles and brings it to the newest version; the first step of
 * every deployment, as a job of its own. Running it again changes nothing. Published holidays of years that
 * the database has not are loaded with it.
 *
 *   ADMIN_DATABASE_URL=postgres://… ROLE_PASSWORD_FILE=… node infra/postgres/provision.mjs --service payments
 *
 * Prints the variables that the service needs, with the password left out. Needs the build (`npm run build`).
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadPublishedYears, migrate, provisionDatabase } from '@mulin/database';

const { values } = parseArgs({
  options: { service: { type: 'string' }, database: { type: 'string' } },
});
const { service, database = `mulin_${service}` } = values;
const adminUrl = need('ADMIN_DATABASE_URL');
const password = need('ROLE_PASSWORD');
if (!service || !adminUrl || !password) {
  console.error('Needs --service, ADMIN_DATABASE_URL and ROLE_PASSWORD (or ROLE_PASSWORD_FILE).');
  process.exit(2);
}

const urls = await provisionDatabase({ adminUrl, service, database, password });
const { migrations } = await import(`@mulin/${service}`);
const applied = await migrate({ url: urls.migrate, service, migrations });
console.log(`${database}: ${applied.length ? `applied ${applied.join(', ')}` : 'up to date'}`);
const years = await loadPublishedYears(urls);
if (years.length) console.log(`${database}: loaded the holidays of ${years.join(', ')}`);
for (const role of ['app', 'consumer', 'relay', 'checks']) {
  const url = new URL(urls[role]);
  url.password = '';
  console.log(`MULIN_DB_${role.toUpperCase()}=${url}`);
}
process.exit(0);

function need(name) {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : process.env[name];
}
