import { Field, InputType } from '@nestjs/graphql';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { CivilDateScalar, InstantScalar } from './scalars.js';

@InputType({ description: 'From a moment until before another one; either end may be left open.' })
export class InstantRange {
  @Field(() => InstantScalar, { nullable: true, description: 'This moment or later.' })
  from?: Date | null;

  @Field(() => InstantScalar, { nullable: true, description: 'Before this moment.' })
  before?: Date | null;
}

@InputType({
  description: 'From a day to another one, both included; either end may be left open.',
})
export class CivilDateRange {
  @Field(() => CivilDateScalar, { nullable: true, description: 'This day or later.' })
  from?: string | null;

  @Field(() => CivilDateScalar, { nullable: true, description: 'This day or earlier.' })
  to?: string | null;
}

/** Keeps the rows whose property lies in the range; without a range all of them. */
export function within<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  property: string,
  range: InstantRange | CivilDateRange | null | undefined,
): SelectQueryBuilder<T> {
  const name = property.replace('.', '_');
  const { from, before, to } = { from: null, before: null, to: null, ...range };
  if (from) query.andWhere(`${property} >= :${name}_from`, { [`${name}_from`]: from });
  if (before) query.andWhere(`${property} < :${name}_before`, { [`${name}_before`]: before });
  if (to) query.andWhere(`${property} <= :${name}_to`, { [`${name}_to`]: to });
  return query;
}

/** For `ilike`: part of a text, in which nothing that was typed is a wildcard. */
export const partOf = (search: string): string => `%${search.replace(/[\\%_]/g, '\\$&')}%`;
