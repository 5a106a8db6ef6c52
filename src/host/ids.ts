/** Everything random: names of tasks, runs and commands, a worker's nonce, a run's token. */
import { createHash, randomBytes as cryptoRandomBytes, randomFillSync } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import type { Clock } from '../log/ports.ts';

/** A run's credential: the token goes to the worker, only the hash goes into the log. */
export interface RunToken {
  /** 256 bits, base64url. */
  readonly token: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
}

/** Makers of identifiers. Task and run ids sort by the second they were made in. */
export interface Ids {
  /** `T-` and 10 Crockford base32 characters: 6 of time, 4 of chance. */
  taskId(): string;
  /** `R-` and 12 Crockford base32 characters: 6 of time, 6 of chance. */
  runId(): string;
  /** 128 bits, hex: marks a worker's environment, so that its processes can be recognised. */
  nonce(): string;
  runToken(): RunToken;
  /** UUID version 7: names one command, so that a retry of it is recognised. */
  commandId(): string;
}

/** `size` bytes of chance. */
export type RandomBytes = (size: number) => Uint8Array;

/** Fetched at once: each command asks for sixteen bytes, and a fetch takes longer than those. */
const poolBytes = 4_096;

/** Bytes from the system's cryptographic source. */
export const randomBytes: RandomBytes = createPool();

/** Gives out each byte once, and forgets it. */
function createPool(): RandomBytes {
  const pool = new Uint8Array(poolBytes);
  let used = pool.length;
  return (size) => {
    if (size > pool.length) return cryptoRandomBytes(size);
    if (used + size > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.slice(used, used + size);
    pool.fill(0, used, used + size);
    used += size;
    return bytes;
  };
}

/** Makes ids from this clock and this source of chance. */
export function createIds(deps: { clock: Clock; randomBytes: RandomBytes }): Ids {
  const { clock, randomBytes } = deps;
  const taskId = createSortableId('T', 4, deps);
  const runId = createSortableId('R', 6, deps);
  return {
    taskId,
    runId,
    nonce: () => Buffer.from(randomBytes(16)).toString('hex'),
    runToken() {
      const token = Buffer.from(randomBytes(32)).toString('base64url');
      return { token, hash: hashToken(token) };
    },
    commandId: () => uuidV7({ msecs: clock.nowMs(), random: randomBytes(16) }),
  };
}

/** The hash under which the log knows a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** 2026-01-01T00:00:00Z in seconds: where the ids begin to count. */
const epochSeconds = Date.UTC(2026, 0, 1) / 1000;

/** 30 bits of seconds last until January 2060; later ids start over and only lose their order. */
const timeChars = 6;

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Neighbours in time are neighbours in an index: that halves the cost of an append to a big log.
 * Within one second the tail starts at random and then counts, so one process never repeats an id
 * however many it makes, and two processes collide far less often than by drawing each tail.
 */
function createSortableId(
  prefix: string,
  tailChars: number,
  deps: { clock: Clock; randomBytes: RandomBytes },
): () => string {
  let second = -1;
  let tail = 0;
  return () => {
    const now = Math.floor(deps.clock.nowMs() / 1000) - epochSeconds;
    tail = now === second ? tail + 1 : Buffer.from(deps.randomBytes(4)).readUInt32BE();
    second = now;
    return `${prefix}-${base32(now, timeChars)}${base32(tail, tailChars)}`;
  };
}

/** The lowest `chars` × 5 bits of `value`, most significant first. */
function base32(value: number, chars: number): string {
  const range = 32 ** chars;
  let rest = ((value % range) + range) % range;
  let text = '';
  for (let i = 0; i < chars; i += 1) {
    text = crockford.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
