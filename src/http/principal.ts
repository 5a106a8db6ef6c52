/** Who asks, and what that allows. */
import type { Caller } from '../app/plan.ts';

/**
 * What a credential makes of who shows it. `reader`, `operator` and `worker` have tokens in files
 * of the board; a `worker` may claim tasks. `run` is the worker of one run: with the token of that
 * run it may act for it, and for nothing else.
 */
export const roles = ['reader', 'operator', 'worker', 'run'] as const;
export type Role = (typeof roles)[number];

/** Who asks. */
export type Principal =
  | { readonly role: Exclude<Role, 'run'>; readonly via: 'token' | 'page' }
  | {
      readonly role: 'run';
      readonly via: 'token';
      readonly runId: string;
      /** SHA-256 of the token that was shown: the proof its commands carry. */
      readonly tokenHash: string;
    };

/** Who may look at everything. */
export const readers: readonly Role[] = ['reader', 'operator'];
/** Who may change anything. */
export const operators: readonly Role[] = ['operator'];

/** Who may take tasks. */
export const claimers: readonly Role[] = ['operator', 'worker'];
/** The worker of a run, of nobody else's. */
export const workersOfRuns: readonly Role[] = ['run'];

/** The caller of every command that comes in through this door. */
export function callerOf(principal: Principal, name: string, commandId?: string): Caller {
  const command = commandId === undefined ? {} : { commandId };
  if (principal.role === 'run') {
    const { runId } = principal;
    const actor = { kind: 'worker', id: runId } as const;
    return { actor, surface: 'http', correlationId: runId, ...command };
  }
  const kind = principal.role === 'worker' ? 'worker' : 'human';
  return { actor: { kind, id: name }, surface: 'http', ...command };
}
