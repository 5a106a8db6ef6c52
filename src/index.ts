/**
 * The library: boards and runs for programs written in JavaScript.
 *
 *     const board = await openBoard({ dir: './.logboard' });
 *     const commands = board.as({ actor: { kind: 'human', id: 'kai' }, surface: 'sdk' });
 *     const task = await commands.create({ title: 'migrate users', assignee: 'build' });
 *     await board.close();
 *
 * The past is a board that can only be read:
 *
 *     const past = await board.at({ position: 4711 }); // or { atMs }, a time
 *     if (past.refused) throw new Error(past.message);
 *     console.log((await past.read()).stats(past.nowMs()));
 *     await past.close();
 *
 * Commands answer refusals as values (`refused: true`, with code, message, hint and facts); faults
 * are thrown, with a code and a hint.
 */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Board } from './app/board.ts';
import type { RunHandle } from './app/run-handle.ts';
import { defaultPolicy, type Policy } from './domain/policy.ts';
import { createRoot, openBoardAt } from './main.ts';

export type { TaskRow } from '../projections/index.ts';
export type { Board } from './app/board.ts';
export { Contended } from './app/execute.ts';
export type { Caller } from './app/plan.ts';
export type { PastPoint } from './app/position-at.ts';
export type { RunHandle } from './app/run-handle.ts';
export { type WhatIf, type WhatIfQuestion, whatIf } from './app/what-if.ts';
export type { Policy } from './domain/policy.ts';
export type { Refusal, RefusalCode } from './domain/refusal.ts';
export type { Explanation } from './domain/why/explanation.ts';
export { LogDamaged, LogUnavailable } from './log/event-log.ts';
export { NotAWorker } from './main/attach-run.ts';

/** Which board to open. */
export interface BoardOptions {
  /** Its directory. */
  readonly dir: string;
  /** Make it where there is none. Default true. */
  readonly create?: boolean;
  /** What differs from the default policy. */
  readonly policy?: Partial<Policy>;
  /** Encrypt the text of new tasks (see docs/privacy.md). Default: what the board remembers. */
  readonly encrypt?: boolean;
  /** The cluster it lives on (`esdb://…`). Default: what its directory remembers, if anything. */
  readonly log?: string;
}

/** Opens a board. Rejects with `LogUnavailable` or `LogDamaged` when that is not possible. */
export function openBoard({ dir, create = true, policy, ...rest }: BoardOptions): Promise<Board> {
  const access = create ? 'create' : 'write';
  const { home } = createRoot(worldHere());
  const rules = { ...defaultPolicy, ...policy };
  return openBoardAt(resolve(dir), { access, home, policy: rules, ...rest });
}

/**
 * The run this process works on, as the dispatcher's environment variables name it. Rejects with
 * `NotAWorker` unless the run holds its task and this process holds its token: print the error's
 * message then, and leave with exit code 0 without having done anything.
 */
export async function attachRun(): Promise<RunHandle> {
  const world = worldHere();
  const { attachRunIn } = await import('./main/attach-run.ts');
  return attachRunIn({ ...world, root: createRoot(world) });
}

function worldHere() {
  return { environment: process.env, directory: process.cwd(), userHome: homedir() };
}
