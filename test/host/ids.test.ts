/** Names made of time and chance. */
import { describe, expect, it } from 'vitest';
import { createIds, hashToken, randomBytes } from '../../src/host/ids.ts';
import type { Clock } from '../../src/log/ports.ts';

const yearStartMs = Date.UTC(2026, 0, 1);

function idsAt(clock: { nowMs: number }) {
  const reading: Clock = { nowMs: () => clock.nowMs, monoMs: () => 0 };
  return createIds({ clock: reading, randomBytes });
}

describe('task and run ids', () => {
  it('have ten and twelve characters that nobody confuses', () => {
    const ids = idsAt({ nowMs: yearStartMs });
    expect(ids.taskId()).toMatch(/^T-000000[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(ids.runId()).toMatch(/^R-000000[0-9A-HJKMNP-TV-Z]{6}$/);
  });

  it('sort by the second they were made in', () => {
    const clock = { nowMs: yearStartMs };
    const ids = idsAt(clock);
    const made = Array.from({ length: 200 }, (_, second) => {
      clock.nowMs = yearStartMs + second * 1_000_003;
      return ids.taskId();
    });
    expect([...made].sort()).toEqual(made);
  });

  it('never repeat within one process, however many are made in one second', () => {
    const ids = idsAt({ nowMs: yearStartMs + 5_000 });
    const made = Array.from({ length: 100_000 }, () => ids.taskId());
    expect(new Set(made).size).toBe(made.length);
  });

  it('keep their form before the epoch and after the last second', () => {
    for (const nowMs of [0, yearStartMs + 2 ** 30 * 1000 + 1]) {
      expect(idsAt({ nowMs }).taskId()).toMatch(/^T-[0-9A-HJKMNP-TV-Z]{10}$/);
    }
  });
});

describe('chance', () => {
  it('is given out once, however small the pieces are', () => {
    const pieces = Array.from({ length: 2_000 }, () =>
      Buffer.from(randomBytes(16)).toString('hex'),
    );
    expect(new Set(pieces).size).toBe(pieces.length);
  });

  it('comes in the size that was asked for, and what was given out stays as it is', () => {
    const sizes = [1, 4_095, 2, 4_096, 0, 4_097, 100_000];
    const pieces = sizes.map((size) => ({ bytes: randomBytes(size), size }));
    const seen = pieces.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    for (let more = 0; more < 300; more += 1) randomBytes(64);
    expect(pieces.map(({ bytes }) => bytes.length)).toEqual(sizes);
    expect(pieces.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(seen);
    expect(pieces.filter(({ bytes }) => bytes.length > 8 && bytes.every((it) => it === 0))).toEqual(
      [],
    );
  });
});

describe('secrets', () => {
  it('are 256 bits, and the log sees only their hash', () => {
    const { token, hash } = idsAt({ nowMs: 0 }).runToken();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hash).toBe(hashToken(token));
    expect(hash).not.toContain(token);
  });

  it('differ from call to call', () => {
    const ids = idsAt({ nowMs: 0 });
    expect(ids.nonce()).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.nonce()).not.toBe(ids.nonce());
    expect(ids.runToken().token).not.toBe(ids.runToken().token);
  });
});

describe('command ids', () => {
  it('never repeat, however many are made in one millisecond', () => {
    const ids = idsAt({ nowMs: 0 });
    const made = Array.from({ length: 2_000 }, () => ids.commandId());
    expect(new Set(made).size).toBe(made.length);
  });

  it('are version 7 UUIDs that carry the time', () => {
    const id = idsAt({ nowMs: 0x0123456789ab }).commandId();
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
