import { describe, expect, it } from '@jest/globals';
import { fen } from '@mulin/money';
import { standardRule } from '@mulin/payment-rule';
import { Instalment, InstalmentKind } from '../instalment/instalment.entity.js';
import { Obligation } from '../obligation/obligation.entity.js';
import { Contract } from './contract.entity.js';
import { canonicalText, textHash, type WholeContract } from './contract.text.js';

const whole = (): WholeContract => ({
  contract: Object.assign(new Contract(), {
    id: 'con_1',
    street: '310110015',
    organisationId: 'org_1',
    title: '第三睦邻中心托管协议',
    amountFen: fen('90071992547409930'),
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    tenderId: null,
    ruleTerms: { ...standardRule },
    state: 'funded',
    version: 3,
  }),
  obligations: [
    Object.assign(new Obligation(), {
      id: 'obl_1',
      code: 'volunteer-team',
      title: '志愿者团队',
      metric: null,
    }),
  ],
  instalments: [
    Object.assign(new Instalment(), {
      id: 'ins_1',
      no: 1,
      kind: InstalmentKind.ADVANCE,
      amountFen: fen('90071992547409930'),
      periodFrom: null,
      periodTo: null,
      fundId: 'fun_1',
      reserved: true,
    }),
  ],
});

describe('the text that both sides sign', () => {
  it('is the same bytes for the same terms, whatever state the contract is in', () => {
    const later = whole();
    Object.assign(later.contract, { version: 9, state: 'signed' });
    Object.assign(later.instalments[0] ?? {}, { reserved: false });
    expect(canonicalText(later)).toBe(canonicalText(whole()));
    expect(textHash(later)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('holds amounts as digits, so that none is rounded', () => {
    expect(canonicalText(whole())).toContain('"amountFen":"90071992547409930"');
  });

  it('does not depend on the order in which the rule was written', () => {
    const turned = whole();
    const { version, ...rest } = standardRule;
    turned.contract.ruleTerms = { ...rest, version };
    expect(textHash(turned)).toBe(textHash(whole()));
  });

  it.each<[string, (terms: WholeContract) => void]>([
    ['title', ({ contract }) => (contract.title += '。')],
    ['amount', ({ contract }) => (contract.amountFen = fen(1))],
    ['last day', ({ contract }) => (contract.endsOn = '2027-01-01')],
    ['organisation', ({ contract }) => (contract.organisationId = 'org_2')],
    ['rule', ({ contract }) => (contract.ruleTerms = { ...standardRule, retention: 1 })],
    ['obligation', ({ obligations }) => Object.assign(obligations[0] ?? {}, { metric: '两支' })],
    ['fund', ({ instalments }) => Object.assign(instalments[0] ?? {}, { fundId: 'fun_2' })],
  ])('is another text when the %s is another', (_, change) => {
    const other = whole();
    change(other);
    expect(textHash(other)).not.toBe(textHash(whole()));
  });
});
