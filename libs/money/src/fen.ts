/**
 * An amount in fen (1 CNY = 100 fen): a whole number as a bigint, and nothing else. The brand keeps a
 * count or a share from being passed for money; where a number is needed on the wire it is a decimal
 * string, never a float.
 */
export type Fen = bigint & { readonly __fen: true };

/**
 * The greatest amount that anyone may enter: 10^14 fen (a trillion CNY). Times 10,000 basis points it
 * is 10^18, which still fits the 64 bits of SQL's bigint, so SQL and code can multiply alike.
 */
export const MAX_FEN = (10n ** 14n) as Fen;

/** No fen: where a sum begins. */
export const ZERO_FEN = 0n as Fen;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Why a text or number is no amount. */
export type InvalidFenReason = 'notWhole' | 'signNotAllowed' | 'tooLarge';

/**
 * Not an amount of fen. Carries the reason and, for an amount that is too large, the limit. What was
 * given stays out of the message when it is not even a number, since clients type anything.
 */
export class InvalidFen extends Error {
  override readonly name = 'InvalidFen';

  constructor(
    readonly reason: InvalidFenReason,
    /** The digits that were given, where they were digits; else null. */
    readonly given: string | null,
    readonly limitFen: bigint = MAX_FEN,
  ) {
    super(
      {
        notWhole: 'an amount is a whole number of fen, written as a decimal string',
        signNotAllowed: 'an amount has no sign here',
        tooLarge: `an amount is at most ${limitFen} fen`,
      }[reason],
    );
  }
}

const DECIMAL = /^-?(0|[1-9][0-9]*)$/;

/**
 * An amount from trusted code: any whole number that fits SQL's bigint, negative ones too (differences
 * of the ledger are signed). A JavaScript number must be a safe integer. Throws {@link InvalidFen}.
 * What a client sent goes through {@link parseFen} instead.
 */
export function fen(amount: bigint | string | number): Fen {
  const whole = wholeNumber(amount);
  if (whole < INT64_MIN || whole > INT64_MAX) {
    throw new InvalidFen('tooLarge', whole.toString(), INT64_MAX);
  }
  // The brand exists in the type system only; this function is where it is given.
  return whole as Fen;
}

/**
 * An amount as a client or a file writes it: decimal digits, no fraction, no leading zero, no plus
 * sign, no minus sign unless `signed`, at most {@link MAX_FEN} either way. Throws {@link InvalidFen}.
 */
export function parseFen(text: string, { signed = false }: { signed?: boolean } = {}): Fen {
  if (/^[+-](0|[1-9][0-9]*)$/.test(text) && !(signed && text.startsWith('-'))) {
    throw new InvalidFen('signNotAllowed', text.slice(0, 24));
  }
  // Before BigInt sees it: a megabyte of digits must not cost a second.
  if (/^-?[1-9][0-9]{15,}$/.test(text)) throw new InvalidFen('tooLarge', text.slice(0, 24));
  const amount = fen(text);
  if (amount > MAX_FEN || amount < -MAX_FEN) throw new InvalidFen('tooLarge', text);
  return amount;
}

function wholeNumber(amount: bigint | string | number): bigint {
  if (typeof amount === 'bigint') return amount;
  if (typeof amount === 'number') {
    if (!Number.isSafeInteger(amount)) throw new InvalidFen('notWhole', null);
    return BigInt(amount);
  }
  // '-0' is refused like a leading zero: one amount has one spelling, because spellings are hashed.
  if (!DECIMAL.test(amount) || amount === '-0') throw new InvalidFen('notWhole', null);
  return BigInt(amount);
}

/** The amounts added up; nothing added up is zero. */
export function sumFen(amounts: Iterable<bigint>): Fen {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return fen(sum);
}

/** In yuan with two decimals and thousands separators, without a sign of currency: `300,000.00`. */
export function formatYuan(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0n ? '-' : ''}${yuan}.${digits.slice(-2)}`;
}
