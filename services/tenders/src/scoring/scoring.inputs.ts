import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { CommitteeStepInput } from '../committee/committee.inputs.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class SubmitConformityInput extends CommitteeStepInput {
  @Field(() => ID)
  bidId: string;

  @Field()
  compliant: boolean;

  @Field(() => String, { nullable: true, description: 'A code of 87号令 第六十三条.' })
  reasonCode?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 1,000.' })
  because?: string | null;
}

@InputType({ registerIn })
export class ExplainPriceInput {
  @Field(() => ID, { description: 'The bid.' })
  id: string;

  @Field({ description: 'Costs, reasons; at most 4,000.' })
  text: string;

  @Field(() => Int, { description: 'Of the bid.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class JudgePriceInput extends CommitteeStepInput {
  @Field(() => ID)
  bidId: string;

  @Field()
  accepted: boolean;

  @Field({ description: 'At most 1,000.' })
  because: string;
}

@InputType({ registerIn })
export class TenderScoreInput {
  @Field({ description: 'Code of a criterion of the tender file.' })
  criterion: string;

  @Field(() => Int, { description: 'Hundredths of a point.' })
  points: number;
}

@InputType({ registerIn })
export class SubmitScoresInput extends CommitteeStepInput {
  @Field(() => ID)
  bidId: string;

  @Field(() => [TenderScoreInput], { description: 'Each criterion of the file once.' })
  scores: TenderScoreInput[];

  @Field(() => String, {
    nullable: true,
    description: 'Needed when a sheet is looked at again, kept or changed; at most 1,000.',
  })
  because?: string | null;
}

@InputType({ registerIn })
export class SignReportInput extends CommitteeStepInput {
  @Field({ description: 'Of the report that one has read.' })
  reportHash: string;

  @Field(() => String, { nullable: true, description: 'Dissent, in writing; at most 2,000.' })
  dissent?: string | null;
}
