/** The board as a whole, and the few decisions about it. */
import type { FoldMeta } from '../event.ts';
import type { Policy, RecordedPolicy } from '../policy.ts';
import { accept, type Decision, refuse } from '../refusal.ts';
import { said } from '../said.ts';
import type { BoardEvent } from './events.ts';

/** A dispatcher, and whom it starts workers for. */
export type ServedBy = NonNullable<PolicyChange['dispatcher']>;

type PolicyChange = Extract<BoardEvent, { type: 'PolicyChanged' }>['data'];

/** Undefined until the board is created. */
export type BoardState =
  | {
      readonly name: string;
      readonly epoch: string;
      readonly createdAtMs: number;
      /** A paused board starts nothing; what runs goes on. */
      readonly isPaused: boolean;
      /** The policy last recorded by an operator; null while nobody recorded one. */
      readonly policy: RecordedPolicy | null;
    }
  | undefined;

/** What may be asked of the board as a whole. */
export type BoardCommand =
  | { readonly type: 'CreateBoard'; readonly name: string; readonly epoch: string }
  | { readonly type: 'RenameBoard'; readonly name: string }
  | {
      readonly type: 'ChangePolicy';
      readonly policy: Policy;
      /** The dispatcher that acts by it from now on; left out, it is an operator's word. */
      readonly dispatcher?: ServedBy | undefined;
    }
  | { readonly type: 'PauseBoard'; readonly reason?: string | undefined }
  | { readonly type: 'ResumeBoard'; readonly reason?: string | undefined };

/** Folds one event into the state. */
export function evolveBoard(state: BoardState, event: BoardEvent, meta: FoldMeta): BoardState {
  if (event.type === 'BoardCreated') {
    const { name, epoch } = event.data;
    return { name, epoch, createdAtMs: meta.at, isPaused: false, policy: null };
  }
  if (state === undefined) throw new Error(`${event.type} before BoardCreated`);
  switch (event.type) {
    case 'BoardRenamed':
      return { ...state, name: event.data.name };
    case 'PolicyChanged':
      // What one dispatcher acts by stands in its row.
      return event.data.dispatcher === undefined ? { ...state, policy: event.data.policy } : state;
    case 'BoardPaused':
      return { ...state, isPaused: true };
    case 'BoardResumed':
      return { ...state, isPaused: false };
    case 'LogThinned':
    case 'LogSegmented':
    case 'LogSealed':
      return state;
  }
}

/** Decides a command on the board; saying what already holds changes nothing. */
export function decideBoard(state: BoardState, command: BoardCommand): Decision<BoardEvent> {
  if (command.type === 'CreateBoard') {
    if (state !== undefined) return accept();
    const { name, epoch } = command;
    return accept({ type: 'BoardCreated', data: { name, epoch } });
  }
  if (state === undefined) {
    return refuse('no_such_board', 'The board was never created.', {
      hint: 'Run `logboard init`.',
    });
  }
  switch (command.type) {
    case 'RenameBoard':
      if (state.name === command.name) return accept();
      return accept({ type: 'BoardRenamed', data: { name: command.name } });
    case 'ChangePolicy':
      return changePolicy(state, command);
    case 'PauseBoard':
      if (state.isPaused) return accept();
      return accept({ type: 'BoardPaused', data: said({ reason: command.reason }) });
    case 'ResumeBoard':
      if (!state.isPaused) return accept();
      return accept({ type: 'BoardResumed', data: said({ reason: command.reason }) });
  }
}

/** Only the dispatcher knows what it acted by before: its word is taken each time it gives it. */
function changePolicy(
  state: NonNullable<BoardState>,
  { policy, dispatcher }: Extract<BoardCommand, { type: 'ChangePolicy' }>,
): Decision<BoardEvent> {
  const isSaid = JSON.stringify(state.policy) === JSON.stringify(policy);
  if (dispatcher === undefined && isSaid) return accept();
  return accept({ type: 'PolicyChanged', data: said({ policy, dispatcher }) });
}
