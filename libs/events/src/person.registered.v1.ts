import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, object } from './parts.js';

export interface PersonRegisteredPayload {
  personId: string;
}

export const PersonRegistered = defineEvent<PersonRegisteredPayload>({
  name: 'person.registered',
  version: 1,
  aggregate: 'person',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.personId,
  subject: (payload) => payload.personId,
  title: 'A person was entered in the register',
  description:
    'From now on the street of the event knows somebody by this pseudonymous id, and may appoint them. Who it is stays in the register.',
  article: '政府采购法实施条例 art. 9; 个人信息保护法 art. 6',
  schema: object<PersonRegisteredPayload>({
    personId: id('per', 'The person, by pseudonymous id.'),
  }),
  good: { personId: EXAMPLE.person },
  bad: { payload: { personId: '张三' }, because: 'a name is not an id' },
});
