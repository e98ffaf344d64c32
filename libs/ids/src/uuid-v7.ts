import { randomFillSync } from 'node:crypto';

const SEQUENCE_LIMIT = 0x1000;

// Drawn from in small pieces, because each call of the system costs more than an id.
const pool = Buffer.alloc(4_096);
let used = pool.length;

let lastMs = 0;
let sequence = 0;

/**
 * A UUIDv7 (RFC 9562) as 32 lower-case hex digits, strictly rising within one process, also within
 * one millisecond and when the machine's clock steps back: rows inserted in order stay in order, and
 * the index grows at its right edge. `rand_a` is a counter (RFC 9562 §6.2, method 1); `rand_b` stays
 * random, so that an id cannot be guessed from its neighbour.
 */
export function uuidV7Hex(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // Half of the counter's room is kept free for the ids that follow in the same millisecond.
    sequence = random(2).readUInt16BE() & 0x7ff;
  } else {
    sequence += 1;
    if (sequence === SEQUENCE_LIMIT) {
      lastMs += 1;
      sequence = 0;
    }
  }
  const id = random(16);
  id.writeUIntBE(lastMs, 0, 6);
  id.writeUInt16BE(0x7000 | sequence, 6);
  // Two bits say which variant of UUID it is; the other 62 stay random.
  id[8] = 0x80 | (id.readUInt8(8) & 0x3f);
  return id.toString('hex');
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
