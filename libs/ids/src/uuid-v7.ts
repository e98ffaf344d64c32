import { randomFillSync } from 'node:crypto';

const SEQUENCE_BITS = 12n;
const SEQUENCE_LIMIT = 1n << SEQUENCE_BITS;

// Drawn from in small pieces, because each call of the system costs more than an id.
const pool = Buffer.alloc(4_096);
let used = pool.length;

let lastMs = 0n;
let sequence = 0n;

/**
 * A UUIDv7 (RFC 9562) as 32 lower-case hex digits, strictly rising within one process, also within
 * one millisecond and when the machine's clock steps back: rows inserted in order stay in order, and
 * the index grows at its right edge. `rand_a` is a counter (RFC 9562 §6.2, method 1); `rand_b` stays
 * random, so that an id cannot be guessed from its neighbour.
 */
export function uuidV7Hex(nowMs: number = Date.now()): string {
  const now = BigInt(nowMs);
  if (now > lastMs) {
    lastMs = now;
    // Half of the counter's room is kept free for the ids that follow in the same millisecond.
    sequence = BigInt(random(2).readUInt16BE() & 0x7ff);
  } else {
    sequence += 1n;
    if (sequence === SEQUENCE_LIMIT) {
      lastMs += 1n;
      sequence = 0n;
    }
  }
  const head = (lastMs << 16n) | (0x7n << SEQUENCE_BITS) | sequence;
  const tail = (random(8).readBigUInt64BE() & 0x3fff_ffff_ffff_ffffn) | (0b10n << 62n);
  return head.toString(16).padStart(16, '0') + tail.toString(16).padStart(16, '0');
}

/** Random bytes that nobody has seen; each is handed out once. */
function random(size: number): Buffer {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
