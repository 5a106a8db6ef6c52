/**
 * Launchers, started by a small process of their own; `spawner.mjs` says why.
 *
 * The spawner is started with the first launcher, and again should it ever die. Then the gates of
 * its launchers have closed; those that were let go are at work, and nobody is told their end any
 * more: they have to be watched.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ExitStatus, WorkerSpec } from '../dispatcher/ports.ts';
import { fromShellCode } from './exit-status.ts';
import { errnoOf } from './host-error.ts';

/** What to start a launcher with. */
export interface LauncherOrder
  extends Pick<WorkerSpec, 'make' | 'argv' | 'cwd' | 'environment' | 'logPath' | 'stdinPath'> {
  /** The launcher's own command line, in front of the worker's. */
  readonly launcher: readonly string[];
}

/** A launcher at its gate. */
export interface Launcher {
  readonly started: true;
  readonly pid: number;
  /** Opens its gate. */
  letGo(): void;
  /** Closes its gate. */
  turnAway(): void;
  /** How it ended; undefined when nobody is there any more to be told. Never rejects. */
  readonly ended: Promise<ExitStatus | undefined>;
}

/**
 * Why there is no launcher.
 *
 * - `unusable_file`: a file or directory of the run could not be made or opened.
 * - `no_workspace`: the working directory is not there.
 * - `no_command`: the program is not there or not executable. Trying again will not help.
 * - `refused`: the system would not start a process (`errno` says why).
 */
export interface NoLauncher {
  readonly started: false;
  readonly reason: 'unusable_file' | 'no_workspace' | 'no_command' | 'refused';
  readonly errno: string;
  readonly detail: string;
}

/** Starts launchers. */
export interface Launchers {
  /** Never rejects. */
  start(order: LauncherOrder): Promise<Launcher | NoLauncher>;
  /** Lets the spawner go, and closes every gate. Whoever was let go goes on. */
  close(): void;
}

/** What the spawner is told. */
export type SpawnerOrder =
  | ({ readonly do: 'start'; readonly id: number } & LauncherOrder)
  | { readonly do: 'let_go' | 'turn_away'; readonly id: number };

/** What the spawner says. */
export type SpawnerWord =
  | { readonly id: number; readonly is: 'started'; readonly pid: number }
  | ({ readonly id: number; readonly is: 'refused' } & Omit<NoLauncher, 'started'>)
  | {
      readonly id: number;
      readonly is: 'ended';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
    };

const spawnerPath = fileURLToPath(new URL('./spawner.mjs', import.meta.url));

/** What becomes of workers. */
export interface LaunchersOptions {
  /**
   * Workers are ended when this process is no more, and have so much time to leave, in ms. Left
   * out, they go on: somebody else adopts them.
   */
  readonly orphanGraceMs?: number | undefined;
}

/** Makes the starter; the spawner comes with the first launcher. */
export function createLaunchers(options: LaunchersOptions = {}): Launchers {
  let spawner: Spawner | undefined;
  return {
    start(order) {
      if (spawner === undefined || spawner.hasLeft) {
        spawner = new Spawner(options);
      }
      return spawner.start(order);
    },
    close: () => spawner?.close(),
  };
}

/** Who waits for word about a launcher. */
interface Waiting {
  readonly started: (pid: number) => void;
  readonly refused: (why: NoLauncher) => void;
  readonly ended: (status: ExitStatus | undefined) => void;
}

/** The small process, for as long as it lives. It holds up nobody who wants to end. */
class Spawner implements Launchers {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #unanswered = new Set<number>();
  #lastId = 0;
  hasLeft = false;

  constructor({ orphanGraceMs }: LaunchersOptions) {
    // Its environment is empty: what workers may see is in their orders. It has a session of its
    // own: Linux shares the cores out by sessions, and what it forks would cost this one its share.
    const args = orphanGraceMs === undefined ? [] : [`${orphanGraceMs}`];
    this.#child = fork(spawnerPath, args, {
      detached: true,
      env: {},
      execArgv: [],
      stdio: ['ignore', 1, 2, 'ipc'],
    });
    this.#child.unref();
    this.#child.on('message', (word) => this.#hear(word as SpawnerWord));
    this.#child.on('error', (error) => this.#leave(errnoOf(error) ?? 'unknown'));
    this.#child.once('exit', () => this.#leave('EPIPE'));
  }

  start(order: LauncherOrder): Promise<Launcher | NoLauncher> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((answer) => {
      const ended = new Promise<ExitStatus | undefined>((tellEnd) => {
        const started = (pid: number) => answer(this.#launcher(id, pid, ended));
        this.#waiting.set(id, { started, refused: answer, ended: tellEnd });
      });
      this.#unanswered.add(id);
      this.#child.channel?.ref();
      this.#tell({ do: 'start', id, ...order });
    });
  }

  close(): void {
    if (this.#child.connected) {
      this.#child.disconnect();
    }
  }

  #launcher(id: number, pid: number, ended: Launcher['ended']): Launcher {
    const letGo = () => this.#tell({ do: 'let_go', id });
    const turnAway = () => this.#tell({ do: 'turn_away', id });
    return { started: true, pid, letGo, turnAway, ended };
  }

  /** What a spawner on its way out does not hear is answered when it has left. */
  #tell(order: SpawnerOrder): void {
    if (this.#child.connected) {
      this.#child.send(order, () => {});
    }
  }

  #hear(word: SpawnerWord): void {
    const waiting = this.#waiting.get(word.id);
    switch (word.is) {
      case 'started':
        waiting?.started(word.pid);
        break;
      case 'refused':
        waiting?.refused({ started: false, ...whyOf(word) });
        this.#waiting.delete(word.id);
        break;
      case 'ended':
        waiting?.ended(statusOf(word));
        this.#waiting.delete(word.id);
    }
    this.#unanswered.delete(word.id);
    if (this.#unanswered.size === 0) {
      this.#child.channel?.unref();
    }
  }

  #leave(errno: string): void {
    this.hasLeft = true;
    const detail = 'the process that starts workers has ended';
    for (const { refused, ended } of this.#waiting.values()) {
      refused({ started: false, reason: 'refused', errno, detail });
      ended(undefined);
    }
    this.#waiting.clear();
  }
}

function whyOf({ reason, errno, detail }: Extract<SpawnerWord, { is: 'refused' }>) {
  return { reason, errno, detail };
}

function statusOf({ code, signal }: Extract<SpawnerWord, { is: 'ended' }>): ExitStatus {
  return signal === null ? fromShellCode(code ?? 0) : { signal };
}
