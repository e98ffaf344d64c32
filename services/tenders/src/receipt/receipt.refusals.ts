import { Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => TendersSchema,
  description:
    'The receipts of the tender are not the chain that the platform signed: one was changed, left out or put in. Nothing is opened until it is found out why; nothing is lost by that.',
})
export class ReceiptsBroken extends Refusal {
  @Field({ description: 'What is wrong with the first one that is: signatureInvalid: receipt 3.' })
  problem: string;

  constructor(problem: string) {
    super(
      {
        id: 'receipt.chain',
        article: '电子招标投标办法 第二十七条',
        title: { zh: '回执完整', en: 'The receipts are whole' },
      },
      {
        zh: `本项目的投标回执链不完整或签名不符（${problem}），查明前不得开标。`,
        en: `The receipts of this tender are not the chain that was signed (${problem}): nothing is opened until it is found out why.`,
      },
    );
    this.problem = problem;
  }
}
