import { describe, expect, it } from '@jest/globals';
import { actorFrom, isOffice, isStaff, ROLES, type Actor, type Role } from './actor.js';
import { can, type PolicyTable } from './policy.js';

const street = '310110015';
const person = (...roles: Role[]): Actor => ({
  id: `per_${'1'.repeat(32)}`,
  street,
  organisation: null,
  roles,
});

const policy: PolicyTable = {
  'tenders.tender.read': ['anyone'],
  'needs.need.raise': ['signedIn'],
  'payments.order.approve': ['streetApprover'],
  'payments.order.read': ['staff', 'organisationFinance'],
};

describe('who may do what', () => {
  it('a published tender can be read by somebody who is not signed in', () => {
    expect(can(policy, null, 'tenders.tender.read')).toBe(true);
  });
  it('anybody who is signed in can raise a need, and nobody else', () => {
    expect(can(policy, person(), 'needs.need.raise')).toBe(true);
    expect(can(policy, null, 'needs.need.raise')).toBe(false);
  });
  it('the evaluator cannot approve a payment', () => {
    expect(can(policy, person('evaluator'), 'payments.order.approve')).toBe(false);
    expect(can(policy, person('streetApprover'), 'payments.order.approve')).toBe(true);
  });
  it('the street reads payment orders, and so does the organisation’s own finance', () => {
    expect(can(policy, person('auditor'), 'payments.order.read')).toBe(true);
    expect(can(policy, person('organisationFinance'), 'payments.order.read')).toBe(true);
    expect(can(policy, person('organisationManager'), 'payments.order.read')).toBe(false);
  });
  it('what the table does not name nobody may do, not even by a name every object has', () => {
    expect(can(policy, person(...ROLES), 'payments.order.delete')).toBe(false);
    expect(can(policy, person(...ROLES), 'constructor')).toBe(false);
    expect(can(policy, person(...ROLES), '__proto__')).toBe(false);
  });
  it('the neighbourhood committee sees its area and is not staff of the street', () => {
    expect(isStaff(person('neighbourhoodCadre', 'organisationManager'))).toBe(false);
    expect(isStaff(person('resident', 'cashier'))).toBe(true);
  });
  it('who works for the street is not of its office: experts and evaluators read no files that are not theirs', () => {
    for (const role of ['streetOfficer', 'streetApprover', 'auditor'] as const)
      expect(isOffice(person(role))).toBe(true);
    for (const role of [
      'expert',
      'evaluator',
      'cashier',
      'districtAnalyst',
      'platformOperator',
    ] as const)
      expect(isOffice(person(role))).toBe(false);
  });
});

describe('reading an actor from claims', () => {
  const good = {
    id: `per_${'a'.repeat(32)}`,
    street,
    organisation: `org_${'b'.repeat(32)}`,
    roles: ['evaluator'],
  };
  it('keeps known roles once and drops those of other systems', () => {
    const actor = actorFrom({ ...good, roles: ['evaluator', 'evaluator', 'root', 7, '__proto__'] });
    expect(actor?.roles).toEqual(['evaluator']);
  });
  it('a person without an organisation or roles is still somebody', () => {
    expect(actorFrom({ id: good.id, street })).toEqual({
      id: good.id,
      street,
      organisation: null,
      roles: [],
    });
  });
  it.each([
    ['a person id of another shape', { id: 'admin' }],
    ['a street of eight digits', { street: '31011001' }],
    ['a street that is a number', { street: 310110015 }],
    ['an organisation that is not one', { organisation: 'con_1' }],
    ['an empty organisation', { organisation: '' }],
    ['roles that are one word', { roles: 'evaluator' }],
  ])('refuses %s', (_name, claim) => {
    expect(actorFrom({ ...good, ...claim })).toBeNull();
  });
});
