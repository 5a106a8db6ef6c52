/** What a process has to speak to the board with: a board of its own over its line to the log. */
import type { Projections } from '../../projections/run.ts';
import { type Board, createBoard } from '../../src/app/board.ts';
import type { Commands } from '../../src/app/commands.ts';
import type { Caller } from '../../src/app/plan.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { LogUnavailable } from '../../src/log/event-log.ts';
import type { Actor } from './actor.ts';
import { connect } from './log-line.ts';
import type { Stage } from './stage.ts';

/** A worker's way to the board, and its proof. */
export interface Client {
  readonly commands: Commands;
  readonly proof: { readonly tokenHash: string };
}

/** The board as a process without tables has it. */
export function boardFor(stage: Stage, actor: Actor, tables: Projections = noTables): Board {
  const { bug, policy } = stage;
  const line = connect(stage, actor);
  const board = createBoard({
    log: bug.log?.(line) ?? line,
    projections: tables,
    clock: actor.clock,
    ids: stage.idsFor(actor),
    policy: () => policy,
  });
  const { commands } = bug;
  return commands ? { ...board, as: (caller) => commands(board.as(caller), stage) } : board;
}

/** The commands of somebody, through a board of his own. */
export function commandsFor(stage: Stage, actor: Actor, caller: Caller): Commands {
  return boardFor(stage, actor).as(caller);
}

/** A worker's commands and its proof. */
export function clientFor(stage: Stage, actor: Actor, runId: string): Client {
  const caller = { actor: { kind: 'worker', id: runId }, surface: 'sdk' } as const;
  const tokenHash = hashOf(stage.tokens.get(runId) ?? '');
  return { commands: commandsFor(stage, actor, caller), proof: { tokenHash } };
}

/** What stands for the hash of a token. */
export function hashOf(token: string): string {
  return token.padStart(64, token === '' ? 'f' : '0');
}

/** Whether the board took it. */
export function isAccepted<T extends { refused: false }>(answer: T | Refusal | undefined): boolean {
  return answer?.refused === false;
}

/**
 * Tries for as long as the log is out of reach; undefined when it stays so. What is not known to
 * have failed is tried again only when a repeat does no harm.
 */
export async function persist<T>(
  actor: Actor,
  attempt: () => Promise<T>,
  isRepeatable = true,
): Promise<T | undefined> {
  for (let tries = 1; tries <= triesMax; tries += 1) {
    try {
      return await attempt();
    } catch (fault) {
      if (!(fault instanceof LogUnavailable)) throw fault;
      if (fault.outcomeUnknown && !isRepeatable) return undefined;
      await actor.pause(200 * tries);
    }
  }
  return undefined;
}

/** Tries after which somebody gives up. */
const triesMax = 20;

/** For processes that only write. */
const noTables: Projections = {
  catchUp: () => Promise.reject(new Error('this process has no tables')),
  waitFor: () => Promise.reject(new Error('this process has no tables')),
  checkpoint: () => {
    throw new Error('this process has no tables');
  },
  get queries(): never {
    throw new Error('this process has no tables');
  },
  openPast: () => Promise.reject(new Error('this process has no tables')),
  openStepping: () => Promise.reject(new Error('this process has no tables')),
  close: () => {},
};
