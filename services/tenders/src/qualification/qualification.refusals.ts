import { Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { MEASURE_NAMES, RecordCondition } from '../record/track-record.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Whoever is kept out is told a reason that the law knows.',
})
export class DisqualificationReasonMissing extends Refusal {
  @Field(() => [String], { description: 'Codes of disqualificationReasons.' })
  known: string[];

  constructor(known: string[]) {
    super(
      {
        id: 'qualification.reason',
        article: '87号令 第六十九条',
        title: { zh: '资格不通过须告知原因', en: 'Who does not qualify is told why' },
      },
      {
        zh: '资格审查未通过的，须填写法定原因及说明；通过的，不填原因。',
        en: 'A bidder that does not qualify is given a reason of the law and an explanation; one that does, none.',
      },
    );
    this.known = known;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Every bid that was opened must be reviewed, and each finding confirmed.',
})
export class QualificationUnfinished extends Refusal {
  @Field(() => [ID], { description: 'The bids still to be reviewed or confirmed.' })
  bidIds: string[];

  constructor(bidIds: string[], article: string) {
    super(
      {
        id: 'qualification.all',
        article,
        title: { zh: '资格审查应全部完成', en: 'All bidders are reviewed' },
      },
      {
        zh: `尚有 ${bidIds.length} 份投标未完成资格审查。`,
        en: `${bidIds.length} bids are not reviewed and confirmed yet.`,
      },
    );
    this.bidIds = bidIds;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'The track record of this bidder meets, or does not meet, what the tender file asks for: the finding must say the same.',
})
export class RecordSaysOtherwise extends Refusal {
  @Field(() => [RecordCondition], { description: 'What is not met; nothing: all is.' })
  unmet: RecordCondition[];

  constructor(unmet: RecordCondition[]) {
    const names = (language: 'zh' | 'en') =>
      unmet
        .map(({ measure }) => MEASURE_NAMES[measure][language])
        .join(language === 'zh' ? '、' : ', ');
    super(
      {
        id: 'qualification.record',
        article: '政府采购法 第二十二条',
        title: { zh: '按采购文件载明的条件审查', en: 'Conditions are those of the tender file' },
      },
      unmet.length > 0
        ? {
            zh: `${names('zh')}不符合采购文件载明的条件，不得通过。`,
            en: `By ${names('en')} this bidder does not meet the tender file and cannot qualify.`,
          }
        : {
            zh: '采购文件载明的条件均已符合，不得以此为由不通过。',
            en: 'Every condition of the tender file is met: it is no reason to keep this bidder out.',
          },
    );
    this.unmet = unmet;
  }
}
