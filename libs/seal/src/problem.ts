/**
 * What can go wrong with something sealed:
 * - `malformed`: not the shape it must have; nothing was tried with it
 * - `otherSuite`: sealed by cryptography that this version does not know
 * - `wrongKey`: the key is not one of the three the bid was sealed to, or the passphrase is not its own
 * - `wrongPair`: the two halves are not those of one pair of officers of this very envelope
 * - `wrongShare`: a half does not open: changed on its way, or never was one
 * - `tampered`: the content does not open with the key of this pair
 * - `commitmentMismatch`: it opens to something else than what was committed to at submission
 * - `tooLarge`: more bytes than an envelope takes
 * - `signatureInvalid`, `chainBroken`: a receipt that the platform did not give, or a chain with a gap
 */
export type SealProblemCode =
  | 'malformed'
  | 'otherSuite'
  | 'wrongKey'
  | 'wrongPair'
  | 'wrongShare'
  | 'tampered'
  | 'commitmentMismatch'
  | 'tooLarge'
  | 'signatureInvalid'
  | 'chainBroken';

/** The only error this library throws. It carries codes and never a byte of what was sealed. */
export class SealProblem extends Error {
  override readonly name = 'SealProblem';

  constructor(
    readonly code: SealProblemCode,
    readonly where: string,
  ) {
    super(`${code}: ${where}`);
  }
}
