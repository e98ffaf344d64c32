import { CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { type Fen, MAX_FEN, fen } from '@mulin/money';
import { Malformed } from './malformed.js';

/** Type tokens: `@Field(() => FenScalar)`. */
@Scalar('Fen')
export class FenScalar implements CustomScalar<string, Fen | Malformed> {
  description =
    'An amount of money in fen (1/100 yuan) as a decimal string, so that no client ever rounds it: "850000", never 850000. 0 to 10^14 on input.';

  serialize(value: unknown): string {
    if (typeof value !== 'bigint') throw new GraphQLError('An amount must be fen.');
    return value.toString();
  }
  parseValue(value: unknown): Fen | Malformed {
    // A JSON number has been a float on its way: what it was before, nobody knows any more.
    return typeof value === 'string' ? readFen(value) : notAnAmount(value);
  }
  parseLiteral(node: ValueNode): Fen | Malformed {
    return node.kind === Kind.STRING ? readFen(node.value) : notAnAmount(textOf(node));
  }
}

@Scalar('Instant')
export class InstantScalar implements CustomScalar<string, Date | Malformed> {
  description =
    'A moment, RFC 3339 with offset, to the millisecond: 2026-11-23T10:11:09.123+08:00.';

  serialize(value: unknown): string {
    if (!(value instanceof Date)) throw new GraphQLError('An instant must be a date.');
    return value.toISOString();
  }
  parseValue(value: unknown): Date | Malformed {
    return readInstant(String(value));
  }
  parseLiteral(node: ValueNode): Date | Malformed {
    return readInstant(textOf(node));
  }
}

@Scalar('CivilDate')
export class CivilDateScalar implements CustomScalar<string, string | Malformed> {
  description = 'A day in the civil calendar of Shanghai, YYYY-MM-DD. It ends at 24:00 there.';

  serialize(value: unknown): string {
    if (typeof value !== 'string') throw new GraphQLError('A civil date must be text.');
    return value;
  }
  parseValue(value: unknown): string | Malformed {
    return readCivilDate(String(value));
  }
  parseLiteral(node: ValueNode): string | Malformed {
    return readCivilDate(textOf(node));
  }
}

export const SCALARS = [FenScalar, InstantScalar, CivilDateScalar];

const notAnAmount = (given: unknown): Malformed =>
  new Malformed('NOT_AN_AMOUNT', String(given).slice(0, 40));

function readFen(text: string): Fen | Malformed {
  if (/^\d+\.\d+$/.test(text)) return new Malformed('FRACTION_OF_A_FEN', text.slice(0, 40));
  if (/^-\d+$/.test(text)) return new Malformed('NEGATIVE_AMOUNT', text.slice(0, 40));
  if (!/^\d{1,40}$/.test(text)) return new Malformed('NOT_AN_AMOUNT', text.slice(0, 40));
  const amount = BigInt(text);
  return amount > MAX_FEN ? new Malformed('AMOUNT_TOO_LARGE', text) : fen(amount);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function readInstant(text: string): Date | Malformed {
  const instant = INSTANT.test(text) ? new Date(text) : undefined;
  return instant && !Number.isNaN(instant.getTime())
    ? instant
    : new Malformed('NOT_AN_INSTANT', text.slice(0, 40));
}

function readCivilDate(text: string): string | Malformed {
  const instant = /^[12]\d{3}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  const real =
    instant && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
  return real ? text : new Malformed('NOT_A_DATE', text.slice(0, 40));
}

function textOf(node: ValueNode): string {
  return node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT
    ? node.value
    : '';
}
