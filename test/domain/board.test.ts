/** Decisions about the board as a whole; saying what already holds changes nothing. */
import { describe, expect, it } from 'vitest';
import type { BoardEvent } from '../../src/domain/board/events.ts';
import {
  type BoardCommand,
  type BoardState,
  decideBoard,
  evolveBoard,
} from '../../src/domain/board/state.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { deepFreeze } from '../kit/deep-freeze.ts';

const meta = { at: 7, actor: { kind: 'human', id: 'ada' } } as const;
const create = { type: 'CreateBoard', name: 'harbour', epoch: 'epoch-1' } as const;

function board(...events: readonly BoardEvent[]): BoardState {
  let state: BoardState;
  for (const event of deepFreeze(events)) state = deepFreeze(evolveBoard(state, event, meta));
  return state;
}

const founded: BoardEvent = { type: 'BoardCreated', data: { name: 'harbour', epoch: 'epoch-1' } };
const policy = { ...defaultPolicy, maxRunning: 9 };

describe('a board', () => {
  it('is created once', () => {
    expect(decideBoard(undefined, create)).toEqual({ refused: false, events: [founded] });
    expect(decideBoard(board(founded), create)).toEqual({ refused: false, events: [] });
    expect(board(founded)).toEqual({
      name: 'harbour',
      epoch: 'epoch-1',
      createdAtMs: 7,
      isPaused: false,
      policy: null,
    });
  });

  const changes: readonly (readonly [BoardCommand['type'], BoardCommand, BoardEvent])[] = [
    [
      'RenameBoard',
      { type: 'RenameBoard', name: 'quay' },
      { type: 'BoardRenamed', data: { name: 'quay' } },
    ],
    ['ChangePolicy', { type: 'ChangePolicy', policy }, { type: 'PolicyChanged', data: { policy } }],
    [
      'PauseBoard',
      { type: 'PauseBoard', reason: 'Storm.' },
      { type: 'BoardPaused', data: { reason: 'Storm.' } },
    ],
  ];
  it('takes the word of a dispatcher about itself each time it gives it', () => {
    const dispatcher = { id: 'quay', assignees: ['painter'] };
    const command = { type: 'ChangePolicy', policy, dispatcher } as const;
    const event = { type: 'PolicyChanged', data: { policy, dispatcher } } as const;
    expect(decideBoard(board(founded), command)).toEqual({ refused: false, events: [event] });
    expect(decideBoard(board(founded, event), command)).toMatchObject({ events: [event] });
    expect(board(founded, event)).toMatchObject({ policy: null });
  });

  it.each(changes)('changes once: %s', (_, command, event) => {
    expect(decideBoard(board(founded), command)).toEqual({ refused: false, events: [event] });
    expect(decideBoard(board(founded, event), command)).toEqual({ refused: false, events: [] });
  });

  it('that is paused can be resumed', () => {
    const paused: BoardEvent = { type: 'BoardPaused', data: {} };
    const resumed: BoardEvent = { type: 'BoardResumed', data: {} };
    const resume = { type: 'ResumeBoard' } as const;
    expect(decideBoard(board(founded), resume)).toEqual({ refused: false, events: [] });
    expect(decideBoard(board(founded, paused), resume)).toEqual({
      refused: false,
      events: [resumed],
    });
    expect(board(founded, paused)?.isPaused).toBe(true);
    expect(board(founded, paused, resumed)?.isPaused).toBe(false);
  });

  it('is not changed by a seal on its log, or by a segment of it', () => {
    const seal: BoardEvent = { type: 'LogSealed', data: { upTo: 3, digest: 'abc' } };
    const digest = '0'.repeat(64);
    const hashes = { before: digest, hash: digest, digest };
    const data = { from: 1, upTo: 2_048, events: 2_048, bytes: 1_000_000, ...hashes };
    expect(board(founded, seal)).toEqual(board(founded));
    expect(board(founded, { type: 'LogSegmented', data })).toEqual(board(founded));
  });

  it('that does not exist cannot be changed', () => {
    expect(decideBoard(undefined, { type: 'PauseBoard' })).toMatchObject({
      refused: true,
      code: 'no_such_board',
    });
    expect(() => board({ type: 'BoardPaused', data: {} })).toThrow('before BoardCreated');
  });
});
