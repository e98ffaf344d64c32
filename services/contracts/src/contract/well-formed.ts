import { InvalidInput } from '@mulin/graphql';
import { isId, type Prefix } from '@mulin/ids';

/** Limits that keep one contract readable and one request small. */
export const MOST_INSTALMENTS = 100;
export const MOST_OBLIGATIONS = 100;
export const MOST_BANDS = 50;

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A code that contracts give to their obligations. */
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

export function checkCount(field: string, list: readonly unknown[], most: number, least = 0) {
  return list.length < least || list.length > most
    ? outOfRange(field, String(list.length))
    : undefined;
}

export const outOfRange = (field: string, given: string): InvalidInput =>
  new InvalidInput(field, { problem: 'OUT_OF_RANGE', given });
