/** What exits mean, and what of a worker's last words goes into the log. */
import { describe, expect, it } from 'vitest';
import { answerTo, type EndFacts, endWords, lastLineOf } from '../../src/dispatcher/answer.ts';
import { notMineLine } from '../../src/domain/run/not-mine.ts';

const evidence = { pid: 1 };
const facts: EndFacts = {
  meaning: undefined,
  lastLine: 'the end',
  artifacts: [],
  tokenHash: 'f'.repeat(64),
  rateLimitHoldMs: 5_000,
  evidence,
};
const { tokenHash } = facts;

describe('the words for an end', () => {
  it.each([
    [{ code: 0 }, undefined, 'exited with 0 without saying how the work ended'],
    [{ code: 75 }, undefined, 'rate limited, held for at least 5 s'],
    [{ code: 3 }, undefined, 'exited with 3'],
    [{ code: 3 }, 'block' as const, 'blocked: needs input'],
    [{ code: 3 }, 'release' as const, 'exited with 3'],
    [{ code: 0 }, 'complete' as const, 'done'],
    [{ signal: 'SIGKILL' }, undefined, 'ended by SIGKILL'],
    ['lost' as const, undefined, 'its process is gone, and nobody saw how it ended'],
  ])('%j that means %s have nothing of what the worker printed', (end, meaning, words) => {
    expect(endWords(answerTo(end, { ...facts, meaning }))).toBe(words);
  });

  it('say that an end was judged by a rule, and its figure', () => {
    const end = { type: 'TimeOutRun', limitMs: 90_000, elapsedMs: 91_000, evidence } as const;
    expect(endWords(end)).toBe('ran longer than its limit of 90 s');
  });
});

describe('the end of a worker that said nothing', () => {
  it.each([
    [{ code: 0 }, { type: 'ViolateProtocol', exitCode: 0, evidence }],
    [{ code: 75 }, { type: 'RateLimitRun', exitCode: 75, holdMs: 5_000, evidence }],
    [
      { code: 2 },
      { type: 'CrashRun', exit: { exitCode: 2 }, error: 'exited with 2: the end', evidence },
    ],
    [
      { signal: 'SIGKILL' },
      {
        type: 'CrashRun',
        exit: { signal: 'SIGKILL' },
        error: 'ended by SIGKILL: the end',
        evidence,
      },
    ],
    ['lost' as const, { type: 'CrashRun', exit: {}, error: expect.stringContaining('nobody saw') }],
    ['never_started' as const, { type: 'ReclaimRun', reason: expect.stringContaining('never') }],
  ])('%j means what it usually means', (end, expected) => {
    expect(answerTo(end, facts)).toMatchObject(expected);
  });

  it.each([
    [
      'complete',
      { type: 'CompleteRun', handOff: { summary: 'the end' }, review: false, tokenHash },
    ],
    ['retry', { type: 'RateLimitRun', exitCode: 0, holdMs: 5_000 }],
    ['fail', { type: 'CrashRun', exit: { exitCode: 0 } }],
    ['block', { type: 'BlockRun', cause: 'needs_input', reason: 'the end', tokenHash }],
    ['release', { type: 'ReleaseRun', reason: 'exited with 0', tokenHash }],
  ] as const)('means %s where its definition says so', (meaning, expected) => {
    expect(answerTo({ code: 0 }, { ...facts, meaning })).toMatchObject({
      ...expected,
      evidence: { ...evidence, means: meaning, meansFrom: 'definition' },
    });
  });

  it.each([undefined, 'complete', 'release', 'retry'] as const)(
    'counts against a worker that took its own run for somebody else’s, even if 0 means %s',
    (meaning) => {
      const lastLine = notMineLine('LOGBOARD_RUN is not set.');
      expect(answerTo({ code: 0 }, { ...facts, meaning, lastLine })).toEqual({
        type: 'CrashRun',
        exit: { exitCode: 0 },
        error: 'its worker could not tell that the run is its own: LOGBOARD_RUN is not set.',
        evidence: { ...evidence, means: 'not_mine' },
      });
    },
  );

  it('means the same without a word of output', () => {
    const silent = { ...facts, lastLine: undefined };
    expect(answerTo({ code: 2 }, silent)).toMatchObject({ error: 'exited with 2' });
    expect(answerTo({ code: 0 }, { ...silent, meaning: 'complete' })).toMatchObject({
      handOff: {},
    });
    expect(answerTo({ code: 4 }, { ...silent, meaning: 'block' })).toMatchObject({
      reason: 'exited with 4',
    });
  });
});

describe('the last line of output', () => {
  it.each([
    ['one\ntwo\n', 'two'],
    ['one\n\n  \n', 'one'],
    ['\u001b[32mgreen\u001b[0m\r\n', 'green'],
    ['a\u0007b\tc', 'a b c'],
    ['', undefined],
    ['\n \n', undefined],
  ])('of %j is %j', (output, line) => {
    expect(lastLineOf(output)).toBe(line);
  });

  it('is cut where it is too long', () => {
    expect(lastLineOf('x'.repeat(10_000))).toHaveLength(500);
    expect(lastLineOf(`${'x'.repeat(499)}\u{1F6A2}`)).toBe('x'.repeat(499));
  });
});
