export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export function obtainToken(wanted: {
  issuer: string;
  login: string;
  password: string;
}): Promise<Tokens>;

export function renewToken(held: { issuer: string; refreshToken: string }): Promise<Tokens>;
