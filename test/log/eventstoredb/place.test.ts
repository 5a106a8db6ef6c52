/** Where a board is on a cluster, and what is said when that cannot be. */
import { describe, expect, it } from 'vitest';
import { faultOf, judge } from '../../../src/log/eventstoredb/fault.ts';
import { clusterPlace } from '../../../src/log/eventstoredb/place.ts';
import { Replaced, TookTooLong } from '../../../src/log/eventstoredb/within.ts';

describe('a connection string', () => {
  it.each<[log: string, directory: string, place: object]>([
    ['esdb://a:2113', '/x/.logboard', { url: 'esdb://a:2113', board: 'logboard' }],
    ['esdb://a?tls=false&board=ops', '/x', { url: 'esdb://a?tls=false', board: 'ops' }],
    ['esdb://a?Board=ops', '/x', { url: 'esdb://a', board: 'ops' }],
    ['esdb://a', '/boards/Night Shift', { url: 'esdb://a', board: 'night-shift' }],
    ['esdb://kai:p?w@a,b?board=ops', '/x', { url: 'esdb://kai:p?w@a,b', label: 'esdb://a,b' }],
    ['esdb://kai:p@w@a', '/x', { label: 'esdb://a' }],
  ])('%s in %s', (log, directory, place) => {
    expect(clusterPlace(log, directory)).toMatchObject(place);
  });

  it.each([
    ['esdb://a?board=ops.night', 'bad_board_name'],
    ['esdb://a?board=', 'bad_board_name'],
    ['esdb://a?board=ops&nodePreference=follower', 'log_not_leader'],
    ['esdb://a?board=ops&node-preference=read_only_replica', 'log_not_leader'],
  ])('%s is refused: %s', (log, code) => {
    expect(() => clusterPlace(log, '/x')).toThrow(expect.objectContaining({ code }));
  });
});

/** What the client throws: with a type, with a code, with both, or with neither. */
const thrown = (message: string, facts: object = {}) => Object.assign(new Error(message), facts);

describe('what the client throws', () => {
  it.each<[what: string, error: unknown, judgement: object]>([
    [
      'a conflict',
      thrown('', { type: 'wrong-expected-version', actualVersion: 4n }),
      { actual: 4 },
    ],
    [
      'none at all',
      thrown('', { type: 'wrong-expected-version', actualVersion: 'no_stream' }),
      { actual: -1 },
    ],
    ['a leader elsewhere', thrown('', { type: 'not-leader' }), { kind: 'elsewhere' }],
    ['no right', thrown('', { type: 'access-denied' }), { kind: 'refused' }],
    ['a code alone', thrown('', { code: 14 }), { kind: 'unknown', isBroken: true }],
    [
      'neither',
      thrown('Failed to discover after 10 attempts.'),
      { kind: 'unknown', isBroken: true },
    ],
    ['a slow server', thrown('', { type: 'timeout' }), { kind: 'unknown', isBroken: false }],
    ['silence', new TookTooLong(5), { kind: 'unknown', isBroken: true }],
    ['a replacement', new Replaced(), { kind: 'unknown', isBroken: false }],
    ['no error at all', 'odd', { kind: 'unknown' }],
  ])('%s is judged', (_, error, judgement) => {
    expect(judge(error)).toMatchObject(judgement);
  });

  it.each<[code: string, error: unknown]>([
    ['log_tls', thrown('14 UNAVAILABLE: self-signed certificate in chain', { code: 14 })],
    ['log_tls', thrown('14 UNAVAILABLE: ssl3_get_record:wrong version number', { code: 14 })],
    ['log_access_denied', thrown('16 UNAUTHENTICATED', { type: 'access-denied', code: 16 })],
    ['log_unreachable', thrown('14 UNAVAILABLE: connect ECONNREFUSED', { code: 14 })],
    ['log_unreachable', thrown('Failed to discover after 10 attempts.')],
    ['log_read_only_node', thrown('2 UNKNOWN: No leader info available', { type: 'unknown' })],
    ['log_not_leader', thrown('', { type: 'not-leader' })],
    ['log_failed', thrown('2 UNKNOWN: odd', { type: 'unknown' })],
  ])('is said in words: %s', (code, error) => {
    const fault = faultOf(error, { attempted: 'append', label: 'esdb://a' });
    expect(fault).toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
    expect(fault.message).toMatch(/^Cannot append at esdb:\/\/a: (?!\d)/);
  });
});
