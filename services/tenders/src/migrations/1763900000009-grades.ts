import { type Migration, rlsPolicies } from '@mulin/database';

/** Grades of organisations as the register told them: what an objective criterion may look at. */
export const grades: Migration = {
  name: '1763900000009-grades',
  up: /* sql */ `
create table known_grade (
  rating_id text primary key,
  organisation_id text not null,
  street text not null,
  grade int not null,
  valid_from date not null,
  valid_to date not null
);
create index on known_grade (organisation_id);
revoke insert, update on known_grade from :app;
${rlsPolicies('known_grade', 'mulin.sees_street(street)')}
`,
};
