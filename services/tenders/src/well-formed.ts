import { InvalidInput } from '@mulin/graphql';
import { isId, type Prefix } from '@mulin/ids';

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A code that people give: small letters, digits and hyphens, at most 64. */
export function checkCode(field: string, code: string): InvalidInput | undefined {
  return code.length <= 64 && CODE.test(code)
    ? undefined
    : new InvalidInput(field, { problem: 'NOT_AN_ID', given: code.slice(0, 80) });
}

/** An id of this kind, whatever it names. */
export function checkId(field: string, prefix: Prefix, id: string): InvalidInput | undefined {
  return isId(prefix, id)
    ? undefined
    : new InvalidInput(field, { problem: 'NOT_AN_ID', given: id.slice(0, 80) });
}

/** The ids of one list: each of this kind, none twice, and not more than `most`. */
export function checkIds(
  field: string,
  prefix: Prefix,
  ids: readonly string[],
  most: number,
): InvalidInput | undefined {
  if (ids.length > most) return outOfRange(field, String(ids.length));
  for (const [place, id] of ids.entries()) {
    const malformed = checkId(`${field}[${place}]`, prefix, id);
    if (malformed) return malformed;
    if (ids.indexOf(id) !== place)
      return new InvalidInput(`${field}[${place}]`, { problem: 'REPEATED', given: id });
  }
  return undefined;
}

/** What no amount goes beyond. */
export const MOST_FEN = 100_000_000_000_000n;

/** An amount of more than nothing and at most so much. */
export function checkAmount(field: string, amount: bigint, most: bigint): InvalidInput | undefined {
  if (amount === 0n) return new InvalidInput(field, { problem: 'ZERO', given: '0' });
  return amount < 0n || amount > most ? outOfRange(field, String(amount)) : undefined;
}

export function outOfRange(field: string, given: string): InvalidInput {
  return new InvalidInput(field, { problem: 'OUT_OF_RANGE', given });
}
