import type { Migration } from '@mulin/database';

/** That a person is known is told; those who were entered before are told now, by their ids alone. */
export const peopleTold: Migration = {
  name: '1763900000023-people-told',
  up: /* sql */ `
insert into mulin.outbox (id, aggregatetype, aggregateid, aggregateversion, type, topic, key, payload, headers)
select event_id, 'person', person_id, 1, 'mulin.person.registered.v1', 'mulin.organisation.events.v1', person_id,
  jsonb_build_object('personId', person_id),
  jsonb_build_object('ce_specversion', '1.0', 'ce_id', event_id, 'ce_type', 'mulin.person.registered.v1',
    'ce_source', '/organisations', 'ce_subject', person_id, 'ce_dataschema', 'urn:mulin:schema:person.registered:1',
    'ce_street', street, 'ce_partitionkey', person_id, 'ce_aggregateversion', '1', 'content-type', 'application/json',
    'ce_time', to_char(mulin.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
from (select gen_random_uuid() as event_id, id as person_id, street from person order by id) each;
`,
};
