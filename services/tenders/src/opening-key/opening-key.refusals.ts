import { Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => TendersSchema,
  description: 'This is not the public key file of npm run seal -- keygen, or it was changed.',
})
export class OpeningKeyInvalid extends Refusal {
  @Field({ description: 'What is wrong with it: malformed, otherSuite …' })
  problem: string;

  constructor(problem: string) {
    super(
      {
        id: 'openingKey.valid',
        article: '电子招标投标办法 第二十六条',
        title: { zh: '开启密钥须可验证', en: 'An opening key must be what it says' },
      },
      {
        zh: `该公钥文件无法使用（${problem}）。`,
        en: `This public key file cannot be used (${problem}).`,
      },
    );
    this.problem = problem;
  }
}
