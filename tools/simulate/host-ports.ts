/** The ports of a simulated host, besides its processes: slots, files, workspaces. */
import type {
  Host,
  ProbeResult,
  ProcessIdentity,
  Slot,
  Slots,
} from '../../src/dispatcher/ports.ts';
import { isAbandoned } from '../../src/dispatcher/slot-rule.ts';
import type { Actor, Span } from './actor.ts';
import type { Machine } from './cast.ts';

/** How long things take, there and back, in ms. */
const spans = { slots: [0.2, 3], files: [0.1, 2] } as const satisfies Record<string, Span>;

/** The slots of a host, as one process reaches them. */
export function slotsFor(
  actor: Actor,
  slots: Map<string, Slot>,
  probe: (identity: ProcessIdentity) => ProbeResult,
): Slots {
  function acquire(slot: Slot, max: number): boolean {
    if (slots.has(slot.nonce)) return true;
    if (slots.size >= max) dropAbandoned(slot.boardDirectory);
    if (slots.size >= max) return false;
    slots.set(slot.nonce, slot);
    return true;
  }

  function dropAbandoned(boardDirectory: string): void {
    for (const slot of slots.values()) {
      if (isAbandoned(slot, { boardDirectory, probe })) slots.delete(slot.nonce);
    }
  }

  function rebind(nonce: string, holder: ProcessIdentity): boolean {
    const slot = slots.get(nonce);
    if (slot !== undefined) slots.set(nonce, { ...slot, holder });
    return slot !== undefined;
  }

  return {
    acquire: (slot, max) => actor.call(() => acquire(slot, max), spans.slots),
    rebind: (nonce, holder) => actor.call(() => rebind(nonce, holder), spans.slots),
    release: (nonce) => actor.call(() => void slots.delete(nonce), spans.slots),
    list: () => [...slots.values()],
  };
}

/** The files of runs, as one process reaches them. `onToken` hears what a worker will be given. */
export function runFilesFor(
  actor: Actor,
  { runs }: Pick<Machine, 'runs'>,
  onToken: (runId: string, token: string) => void,
): Host['runFiles'] {
  return {
    plan(runId, { token }) {
      onToken(runId, token);
      const at = (name: string) => `/runs/${runId}/${name}`;
      const paths = {
        log: at('log'),
        token: at('token'),
        context: at('context'),
        exit: at('exit'),
      };
      return { paths, make: [] };
    },
    readExit: (runId) => runs.get(runId)?.recorded,
    outputBytes: (runId) => runs.get(runId)?.output.length ?? 0,
    readTail: (runId) => actor.call(() => runs.get(runId)?.output ?? '', spans.files),
    cap: () => async () => {},
  };
}

/** The workspaces of a host, as one process reaches them. */
export function workspacesFor(actor: Actor): Host['workspaces'] {
  return {
    prepare: ({ kind, path = '/worktree', runId }) =>
      actor.call(
        () => ({ path: kind === 'scratch' ? `/scratch/${runId}` : path, make: [] }),
        spans.files,
      ),
    keep: () => actor.call(() => ({ collected: [], skipped: [] }), spans.files),
    removeScratch: () => actor.call(() => {}, spans.files),
  };
}
