import type { Tx } from '@mulin/database';
import { InstantScalar, Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => PaymentsSchema,
  description: 'The contract is suspended: its orders wait, until the tender goes on.',
})
export class ContractHeld extends Refusal {
  @Field(() => ID)
  contractId: string;

  @Field(() => InstantScalar)
  since: Date;

  constructor(contractId: string, since: Date) {
    super(
      {
        id: 'order.held',
        article: '政府采购法实施条例 第五十四条',
        title: { zh: '中止履行期间不付款', en: 'A suspended contract is not paid' },
      },
      {
        zh: '合同因质疑或投诉中止履行，支付令暂缓；评估兑现决定不受影响。',
        en: 'The contract is suspended by a challenge or complaint: its orders wait. Decisions are not affected.',
      },
    );
    this.contractId = contractId;
    this.since = since;
  }
}

/** Why an order of this contract is held now, or nothing. A hold that comes in between is met by the trigger `hold_guard`. */
export async function heldNow(tx: Tx, contractId: string): Promise<ContractHeld | undefined> {
  const [row] = await tx.query<{ since: Date }[]>(
    'select held_since as since from held_contract where contract_id = $1',
    [contractId],
  );
  return row && new ContractHeld(contractId, row.since);
}
