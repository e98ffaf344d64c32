import { createHmac } from 'node:crypto';

/** A draw that anyone can repeat: who was in the pool, the seed that was published, and the order that came out. */
export interface Draw {
  /** 64 hexadecimal digits, published before it is used or drawn in public. */
  seed: string;
  /** What is drawn for, such as the tender's id: one seed never gives two draws the same order. */
  subject: string;
  /** The pool, sorted; each once. */
  pool: string[];
  /** The pool in the order drawn. */
  order: string[];
}

const SEED = /^[0-9a-f]{64}$/;

/**
 * Draws the whole pool in a random order (实施条例 第三十九条: 随机抽取): Fisher–Yates by HMAC-SHA256 of the seed, with
 * rejection, so that every order is equally likely. The same seed, subject and pool give the same order, however
 * the pool was sorted.
 *
 * @throws RangeError for a seed that is not 32 bytes in hexadecimal, or a pool that names somebody twice
 */
export function draw(facts: { seed: string; subject: string; pool: readonly string[] }): Draw {
  const { seed, subject } = facts;
  const pool = [...facts.pool].sort();
  if (!SEED.test(seed)) throw new RangeError('A seed is 64 hexadecimal digits.');
  if (new Set(pool).size !== pool.length) throw new RangeError('Each stands in a pool once.');
  const next = wordsOf(seed, subject);
  const order = [...pool];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const taken = below(last + 1, next);
    const [one, other] = [order[last], order[taken]];
    if (one === undefined || other === undefined) throw new Error('unreachable');
    order[last] = other;
    order[taken] = one;
  }
  return { seed, subject, pool, order };
}

/** Whether a draw that somebody shows is the one that its seed gives. */
export function verifyDraw(shown: Draw): boolean {
  const again = draw(shown);
  return same(again.pool, shown.pool) && same(again.order, shown.order);
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, at) => each === other[at]);

/** 32-bit words without end: HMAC-SHA256(seed, subject and a counter), eight words each. */
function wordsOf(seed: string, subject: string): () => number {
  let counter = 0;
  let words: number[] = [];
  return () => {
    if (words.length === 0) {
      const block = createHmac('sha256', Buffer.from(seed, 'hex'))
        .update(`${subject}\n${counter}`)
        .digest();
      counter += 1;
      words = Array.from({ length: 8 }, (_, at) => block.readUInt32BE(at * 4));
    }
    return words.shift() ?? 0;
  };
}

/** 0 … most−1, each equally likely: words past the last whole multiple are thrown away. */
function below(most: number, next: () => number): number {
  const whole = 2 ** 32 - (2 ** 32 % most);
  for (;;) {
    const word = next();
    if (word < whole) return word % most;
  }
}
