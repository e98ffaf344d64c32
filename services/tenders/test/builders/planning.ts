import { newId } from '@mulin/ids';
import { generateOfficerKey } from '@mulin/seal';
import { Street } from './street.js';
import {
  fileTerms,
  FUND,
  itemTerms,
  type Officer,
  PASSPHRASE,
  person,
  planTerms,
  step,
  type Told,
} from './terms.js';

/** From the catalogue to a published tender. */
export class Planning extends Street {
  async listedItem(change: object = {}): Promise<Told> {
    const item = await this.must(this.officer, 'draftServiceItem', { ...itemTerms(), ...change });
    return this.must(this.approver, 'listServiceItem', step(item));
  }

  /** A listed item with a budget of one million yuan for 2026. */
  async budgetLine(change: { fiscalYear?: number } & Record<string, unknown> = {}): Promise<Told> {
    const year = change.fiscalYear ?? 2026;
    const item = await this.listedItem();
    return this.must(this.officer, 'addBudgetLine', {
      id: newId('bln'),
      serviceItemId: item.id,
      fiscalYear: 2026,
      planned: '100000000',
      fundId: year === 2026 ? FUND : await this.fund({ year }),
      ...change,
    });
  }

  async approvedPlan(change: object = {}): Promise<Told> {
    const line = await this.budgetLine();
    const plan = await this.must(this.officer, 'draftProcurementPlan', {
      ...planTerms(line.id),
      ...change,
    });
    const filed = await this.must(this.officer, 'fileProcurementPlan', step(plan));
    return this.must(this.approver, 'approveProcurementPlan', step(filed));
  }

  /** Made once for a suite: deriving a key from a passphrase takes its time, and should. */
  async officers(): Promise<readonly Officer[]> {
    this.made ??= Promise.all([0, 1, 2].map(() => this.newOfficer()));
    return this.made;
  }
  private made?: Promise<readonly Officer[]>;

  async newOfficer(): Promise<Officer> {
    const actor = person(['auditor']);
    const { publicKey, privateKey } = await generateOfficerKey(PASSPHRASE);
    const keyId = newId('key');
    const file = { id: keyId, publicKey: JSON.stringify(publicKey) };
    await this.must(actor, 'registerOpeningKey', file);
    return { actor, keyId, publicKey, privateKey };
  }

  /** A tender file that may be published, on an approved plan of its own. */
  async tenderFile(change: object = {}) {
    const officers = await this.officers();
    return { ...fileTerms(officers.map(({ keyId }) => keyId)), ...change };
  }

  async draftedTender(change: object = {}, plan: object = {}): Promise<Told> {
    const approved = await this.approvedPlan(plan);
    return this.must(this.officer, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: approved.id,
      ...(await this.tenderFile(change)),
    });
  }

  async publishedTender(change: object = {}, plan: object = {}): Promise<Told> {
    const tender = await this.draftedTender(change, plan);
    return this.must(this.approver, 'publishTender', step(tender));
  }
}
