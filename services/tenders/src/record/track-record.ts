import type { Text } from '@mulin/graphql';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** What of a bidder's track record a tender file may look at. */
export enum RecordMeasure {
  GRADE = 'grade',
  EVALUATION_SCORE = 'evaluationScore',
}
registerEnumType(RecordMeasure, {
  name: 'TrackRecordMeasure',
  registerIn,
  description: 'What of a bidder’s track record a tender file may look at.',
  valuesMap: {
    GRADE: { description: '社会组织评估等级, 1 to 5 (1A to 5A); who holds none has 0.' },
    EVALUATION_SCORE: {
      description:
        'Mean of all final evaluation scores until the deadline, in basis points. Who was never evaluated has none.',
    },
  },
});

/** The most a measure can be. */
export const MOST: Record<RecordMeasure, number> = { grade: 5, evaluationScore: 10_000 };
/** Which kind of factor a scale on this measure is. */
export const FACTOR: Record<RecordMeasure, string> = {
  grade: 'grade',
  evaluationScore: 'evaluation-record',
};
export const MEASURE_NAMES: Record<RecordMeasure, Text> = {
  grade: { zh: '评估等级', en: 'the grade' },
  evaluationScore: { zh: '以往评估平均分', en: 'the mean of earlier evaluations' },
};

/** Who may take part, as the tender file says; nothing else of a track record keeps anyone out. */
@ObjectType('TrackRecordCondition', {
  registerIn,
  description:
    'Who may take part, as the tender file says. A bidder that was never evaluated meets every condition on evaluations (实施条例 第二十条).',
})
export class RecordCondition {
  @Field(() => RecordMeasure)
  measure: RecordMeasure;

  @Field(() => Int)
  atLeast: number;
}

@ObjectType('TrackRecordStep', { registerIn })
export class RecordStep {
  @Field(() => Int)
  atLeast: number;

  @Field(() => Int, { description: 'Hundredths of a point.' })
  points: number;
}

/** How a criterion gives points by the track record: the same to every bidder, whoever judges. */
@ObjectType('TrackRecordScale', {
  registerIn,
  description: 'How a criterion gives points by the track record: the best step that is reached.',
})
export class RecordScale {
  @Field(() => RecordMeasure)
  measure: RecordMeasure;

  @Field(() => [RecordStep], { description: 'Rising.' })
  steps: RecordStep[];

  @Field(() => Int, { description: 'For bidders without any: hundredths of a point.' })
  withoutRecord: number;
}

/** How a bidder stood on the day of the deadline. */
export interface StoodAt {
  grade: number | null;
  meanScore: number | null;
}

const valueOf = (measure: RecordMeasure, { grade, meanScore }: StoodAt): number | null =>
  measure === RecordMeasure.GRADE ? grade : meanScore;

/** The conditions that this record does not meet. */
export const unmet = (conditions: readonly RecordCondition[], record: StoodAt): RecordCondition[] =>
  conditions.filter(({ measure, atLeast }) => {
    const value = valueOf(measure, record);
    // Without a grade one has none; without an evaluation nobody has found anything yet.
    return value === null ? measure === RecordMeasure.GRADE : value < atLeast;
  });

/** What a record is worth on this scale, in hundredths of a point. */
export function pointsOn({ measure, steps, withoutRecord }: RecordScale, record: StoodAt): number {
  const value = valueOf(measure, record);
  if (value === null) return withoutRecord;
  const reached = steps.filter(({ atLeast }) => atLeast <= value);
  return reached.reduce((best, { points }) => Math.max(best, points), 0);
}
