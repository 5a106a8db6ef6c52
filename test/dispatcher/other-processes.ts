/** A board on disk and dispatchers of it, each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../../src/app/board.ts';
import type { ReportKind } from '../../src/dispatcher/ports.ts';
import type { WorkerDefinitionInput } from '../../src/dispatcher/worker-definition.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import type { Status } from '../../src/domain/readiness.ts';
import { openDispatcherHost } from '../../src/host/dispatcher-host.ts';
import { readExitStatus } from '../../src/host/exit-status.ts';
import { runDirectory } from '../../src/host/run-directory.ts';
import { bundleChild } from '../kit/child.ts';
import { eventually } from '../kit/eventually.ts';
import { tempBoard } from '../kit/temp-board.ts';
import { tempDir } from '../kit/temp-dir.ts';
import type { Order } from './children/board-dispatcher.ts';

/** A dispatcher in a process of its own. */
export interface DispatcherProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it has reported so far, oldest first. */
  readonly told: readonly { readonly kind: ReportKind; readonly facts: JsonObject }[];
  /** Ends it without a chance to say goodbye. */
  killHard(): Promise<void>;
  /** Asks it to stop; resolves when it has gone. */
  stop(): Promise<void>;
}

/** How a dispatcher differs from the usual one. */
export interface ProcessOptions extends Partial<Pick<Order, 'eyes' | 'workers' | 'capabilities'>> {
  /** The command in front of Node, such as one that makes it process 1 of a namespace. */
  readonly within?: readonly string[];
}

/** What a test about several processes holds. */
export interface Waters {
  readonly board: Board;
  readonly directory: string;
  /** The home directory of the host that all dispatchers are on. */
  readonly home: string;
  readonly operator: ReturnType<Board['as']>;
  dispatch(options?: ProcessOptions): Promise<DispatcherProcess>;
  task(assignee?: string): Promise<string>;
  until(taskId: string, status: Status): Promise<void>;
  runs(taskId: string): Promise<readonly RunRow[]>;
  /** An attempt at a task, once its worker has begun. */
  atWork(taskId: string, attempt: number): Promise<RunRow>;
}

const program = fileURLToPath(new URL('./children/board-dispatcher.ts', import.meta.url));

/** A board in a directory of its own; no dispatcher outlives the test. */
export async function openWaters(
  workers: Readonly<Record<string, WorkerDefinitionInput>>,
  rules: Partial<Policy> = {},
): Promise<Waters> {
  const { board, directory } = await tempBoard({ ...defaultPolicy, ...rules });
  const home = tempDir();
  const operator = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
  const runs = async (taskId: string) => (await board.read()).runs(taskId);
  let dispatchers = 0;
  onTestFinished(() => endWorkers(home, directory));

  async function dispatch({ within = [], ...changes }: ProcessOptions = {}) {
    dispatchers += 1;
    const dispatcherId = `D-${dispatchers}`;
    const usual = { workers, capabilities: [], eyes: { they: 'sound' } } as const;
    const order: Order = { dispatcherId, directory, home, rules, ...usual, ...changes };
    const node = [...within, process.execPath, await bundleChild(program), JSON.stringify(order)];
    return started(node);
  }

  return {
    board,
    directory,
    home,
    operator,
    dispatch,
    runs,
    async task(assignee = 'script') {
      const made = await operator.create({ title: 'Work', assignee });
      if (made.refused) throw new Error(made.message);
      return made.taskId;
    },
    async until(taskId, status) {
      const statusNow = async () => (await board.read()).task(taskId, board.nowMs())?.status;
      const isSo = async () => (await statusNow()) === status;
      await eventually(`${taskId} is ${status}`, isSo, 25_000);
    },
    atWork: (taskId, attempt) =>
      eventually(`attempt ${attempt} at ${taskId} is at work`, async () => {
        const all = await runs(taskId);
        const run = all[attempt - 1];
        const isAtWork =
          run && readExitStatus(runDirectory(directory, run.runId).exit) === 'running';
        return isAtWork ? run : undefined;
      }),
  };
}

/** Nothing that dispatchers left at work outlives the test. */
async function endWorkers(home: string, boardDirectory: string): Promise<void> {
  const host = await openDispatcherHost({
    home,
    boardDirectory,
    environment: {},
    capabilities: [],
    projectDirectory: home,
    onError: (error) => console.error(error),
  });
  for (const { holder, nonce } of host.slots.list()) {
    await host.processes.end({ ...holder, nonce }, 0);
  }
  host.close();
}

/** Resolves when the program has told that it is there. */
async function started([command = '', ...args]: readonly string[]): Promise<DispatcherProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: DispatcherProcess['told'][number][] = [];
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killHard = () => {
    child.kill('SIGKILL');
    return exited;
  };
  const stop = () => {
    child.kill('SIGTERM');
    return exited;
  };
  onTestFinished(killHard);
  await eventually('it has started', () => told.some(({ kind }) => kind === 'started'));
  return { process: child, pid: child.pid as number, told, killHard, stop };
}
