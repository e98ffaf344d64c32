import pg from 'pg';
import { DATABASE_ROLES, type DatabaseUrls, type DatabaseRole, roleName } from './urls.js';

const { Client, escapeIdentifier, escapeLiteral } = pg;

export interface Provision {
  /** A superuser's, or at least a createrole + createdb user's, connection string. */
  adminUrl: string;
  service: string;
  /** Name of the database; one per service, never shared. */
  database: string;
  /** Password of all roles of this service. */
  password: string;
  /** Makes the role that may move the clock. Refused when NODE_ENV is production. */
  development?: boolean;
}

/**
 * Makes a service's database and its roles, or repairs them; running it again changes nothing. Any
 * number may run at once against one cluster (an advisory lock queues them).
 */
export async function provisionDatabase(wanted: Provision): Promise<DatabaseUrls> {
  if (wanted.development && process.env.NODE_ENV === 'production') {
    throw new Error('A development role is refused in production: it could move the clock.');
  }
  const roles = DATABASE_ROLES.filter((role) => role !== 'dev' || wanted.development);
  const admin = new Client({ connectionString: wanted.adminUrl });
  await admin.connect();
  try {
    await admin.query("select pg_advisory_lock(hashtextextended('mulin.provision', 0))");
    for (const role of roles)
      await makeRole(admin, roleName(wanted.service, role), wanted.password);
    await makeDatabase(admin, wanted, roles);
  } finally {
    await admin.end();
  }
  return urlsOf(wanted, roles);
}

async function makeRole(admin: pg.Client, name: string, password: string): Promise<void> {
  const attributes = `login nosuperuser nocreatedb nocreaterole nobypassrls password ${escapeLiteral(password)}`;
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [name]);
  await admin.query(
    `${rowCount ? 'alter' : 'create'} role ${escapeIdentifier(name)} ${attributes}`,
  );
}

async function makeDatabase(admin: pg.Client, wanted: Provision, roles: DatabaseRole[]) {
  const database = escapeIdentifier(wanted.database);
  const owner = escapeIdentifier(roleName(wanted.service, 'migrate'));
  const known = await admin.query('select 1 from pg_database where datname = $1', [
    wanted.database,
  ]);
  // An administrator who is no superuser (a managed server) may only give to roles it belongs to.
  await admin.query(`grant ${owner} to current_user`);
  if (!known.rowCount) await admin.query(`create database ${database} owner ${owner}`);
  await admin.query(`revoke all on database ${database} from public`);
  const logins = roles.map((role) => escapeIdentifier(roleName(wanted.service, role))).join(', ');
  await admin.query(`grant connect on database ${database} to ${logins}`);
}

function urlsOf(wanted: Provision, roles: DatabaseRole[]): DatabaseUrls {
  const entries = roles.map((role) => {
    const url = new URL(wanted.adminUrl);
    url.username = roleName(wanted.service, role);
    url.password = wanted.password;
    url.pathname = `/${wanted.database}`;
    return [role, url.toString()];
  });
  return Object.fromEntries(entries) as DatabaseUrls;
}
