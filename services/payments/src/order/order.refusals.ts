import { CivilDateScalar, Money, Refusal } from '@mulin/graphql';
import { type Fen, formatYuan } from '@mulin/money';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

const registerIn = () => PaymentsSchema;
const implementsRefusal = () => Refusal;
const PROMPT_PAYMENT = '财库〔2019〕38号 三';

@ObjectType({
  registerIn,
  implements: implementsRefusal,
  description: 'The invoice must be for exactly what the decision released.',
})
export class InvoiceNotMatching extends Refusal {
  @Field(() => Money)
  released: Money;

  @Field(() => Money)
  invoiced: Money;

  constructor(facts: { releasedFen: Fen; invoicedFen: Fen }) {
    const { releasedFen, invoicedFen } = facts;
    super(
      {
        id: 'order.invoice',
        article: PROMPT_PAYMENT,
        title: { zh: '凭发票支付', en: 'Paid by invoice' },
      },
      {
        zh: `发票金额 ${formatYuan(invoicedFen)} 元，应为 ${formatYuan(releasedFen)} 元。`,
        en: `The invoice is for CNY ${formatYuan(invoicedFen)}; CNY ${formatYuan(releasedFen)} was released.`,
      },
    );
    this.released = Money.cny(releasedFen);
    this.invoiced = Money.cny(invoicedFen);
  }
}

@ObjectType({
  registerIn,
  implements: implementsRefusal,
  description: 'The invoice is older than the contract it should be paid under.',
})
export class InvoiceBeforeContract extends Refusal {
  @Field(() => CivilDateScalar)
  invoiceDate: string;

  @Field(() => CivilDateScalar, { description: 'The day on which both sides had signed.' })
  signedOn: string;

  constructor(invoiceDate: string, signedOn: string) {
    super(
      {
        id: 'order.invoice.date',
        article: PROMPT_PAYMENT,
        title: { zh: '凭发票支付', en: 'Paid by invoice' },
      },
      {
        zh: `发票日期 ${invoiceDate} 早于合同签订日 ${signedOn}。`,
        en: `The invoice is of ${invoiceDate}; the contract was signed on ${signedOn}.`,
      },
    );
    this.invoiceDate = invoiceDate;
    this.signedOn = signedOn;
  }
}

@ObjectType({
  registerIn,
  implements: implementsRefusal,
  description: 'The decision released nothing that could be paid.',
})
export class NothingToPay extends Refusal {
  @Field(() => ID)
  decisionId: string;

  constructor(decisionId: string) {
    super(
      {
        id: 'order.released',
        article: '财库〔2021〕22号 第二十三条',
        title: { zh: '按评估兑现', en: 'Only what was released' },
      },
      {
        zh: `兑现决定 ${decisionId} 没有可支付的金额。`,
        en: `The decision ${decisionId} released nothing to pay.`,
      },
    );
    this.decisionId = decisionId;
  }
}

@ObjectType({
  registerIn,
  implements: implementsRefusal,
  description: 'Another order pays this decision, or this invoice, already.',
})
export class AlreadyOrdered extends Refusal {
  @Field(() => ID)
  orderId: string;

  @Field({ description: 'decision or invoice: what is paid by that order.' })
  what: string;

  constructor(facts: { orderId: string; what: 'decision' | 'invoice' }) {
    const { orderId, what } = facts;
    super(
      {
        id: 'order.once',
        article: '行政事业单位内部控制规范（试行） 第十四条',
        title: { zh: '不得重复支付', en: 'Never paid twice' },
      },
      {
        zh: `该${what === 'decision' ? '兑现决定' : '发票'}已由支付单 ${orderId} 支付。`,
        en: `The order ${orderId} pays this ${what} already.`,
      },
    );
    this.orderId = orderId;
    this.what = what;
  }
}

@ObjectType({
  registerIn,
  implements: implementsRefusal,
  description: 'Who evaluates services neither approves nor pays them.',
})
export class EvaluatorExcluded extends Refusal {
  @Field(() => ID)
  personId: string;

  constructor(personId: string) {
    super(
      {
        id: 'order.evaluator',
        article: '行政事业单位内部控制规范（试行） 第十五条',
        title: { zh: '评估与付款分离', en: 'Evaluation and payment apart' },
      },
      { zh: '评估人不得审批或支付。', en: 'An evaluator neither approves nor pays.' },
    );
    this.personId = personId;
  }
}
