import { type Migration, rlsPolicies } from '@mulin/database';

/** History that another system published: OCDS packages, whole or not at all. */
export const imports: Migration = {
  name: '1763900000002-imports',
  up: /* sql */ `
create table ocds_import (
  id text primary key,
  street text not null,
  publisher text not null check (length(publisher) between 1 and 500),
  releases int not null check (releases > 0),
  processes int not null check (processes > 0),
  hash text not null check (hash ~ '^sha256:[0-9a-f]{64}$'),
  imported_by text not null,
  imported_at timestamptz(3) not null,
  constraint "a package is imported once" unique (street, hash),
  unique (id, street)
);
create index on ocds_import (street, id);
create table imported_release (
  street text not null,
  ocid text not null,
  release_id text not null,
  import_id text not null,
  tags text[] not null,
  released_at timestamptz(3) not null,
  release jsonb not null,
  primary key (street, ocid, release_id),
  foreign key (import_id, street) references ocds_import (id, street)
);
create index on imported_release (import_id);
revoke update on ocds_import, imported_release from :app, :consumer;
${rlsPolicies('ocds_import', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('imported_release', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
`,
};
