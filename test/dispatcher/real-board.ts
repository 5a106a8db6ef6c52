/** A board on disk, this machine's own processes, and dispatchers between them. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunRow } from '../../projections/runs/row.ts';
import type { Board } from '../../src/app/board.ts';
import { createDispatcher, type Dispatcher } from '../../src/dispatcher/dispatcher.ts';
import type { Report } from '../../src/dispatcher/ports.ts';
import {
  type WorkerDefinitionInput,
  workerDefinitionSchema,
} from '../../src/dispatcher/worker-definition.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import type { Status } from '../../src/domain/readiness.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { type DispatcherHost, openDispatcherHost } from '../../src/host/dispatcher-host.ts';
import { follow$ } from '../../src/log/follow.ts';
import { eventually } from '../kit/eventually.ts';
import { tempBoard } from '../kit/temp-board.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** What a test about real workers holds. */
export interface RealScene {
  readonly board: Board;
  readonly directory: string;
  readonly host: DispatcherHost;
  readonly operator: ReturnType<Board['as']>;
  /** Starts a dispatcher whose only worker is a shell script for the assignee `script`. */
  dispatch(script: string, more?: Partial<WorkerDefinitionInput>): Promise<Dispatcher>;
  /** Makes a task for the script; answers its id. */
  task(fields?: object): Promise<string>;
  /** Resolves when the task has the status. */
  until(taskId: string, status: Status): Promise<void>;
  /** The attempts at a task. */
  runs(taskId: string): Promise<readonly RunRow[]>;
  /** Resolves with the run of a task whose worker has been let go, and printed a line. */
  atWork(taskId: string): Promise<RunRow>;
}

/** How a scene differs from the usual one. */
export interface SceneOptions {
  /** Opens the board; closes it when the test is over. */
  readonly open?: typeof tempBoard;
  /** Hears what dispatchers report. */
  readonly report?: Report;
}

/** A board in a directory of its own; nothing that runs on it outlives the test. */
export async function aRealScene(
  rules: Partial<Policy> = {},
  { open = tempBoard, report = () => {} }: SceneOptions = {},
): Promise<RealScene> {
  const { board, directory } = await open({ ...defaultPolicy, ...rules });
  const home = tempDir();
  const host = await openDispatcherHost({
    home,
    boardDirectory: directory,
    environment: process.env,
    capabilities: [],
    projectDirectory: home,
    onError: (error) => console.error(error),
  });
  const operator = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
  const started: Dispatcher[] = [];
  onTestFinished(async () => {
    for (const dispatcher of started) await dispatcher.stop({ drainMs: 0 });
    for (const { holder } of host.slots.list()) {
      const { nonce } = holder;
      if (nonce !== undefined) await host.processes.end({ ...holder, nonce }, 0);
    }
    host.close();
  });

  async function runs(taskId: string): Promise<readonly RunRow[]> {
    return (await board.read()).runs(taskId);
  }

  return {
    board,
    directory,
    host,
    operator,
    runs,
    async dispatch(script, more = {}) {
      const definition = workerDefinitionSchema.parse({ run: ['sh', '-c', script], ...more });
      const { position } = await board.log.head();
      const time = { clock: systemClock, timers: systemTimers, random: Math.random };
      const dispatcher = createDispatcher({
        dispatcherId: `D-${started.length + 1}`,
        board,
        boardDirectory: directory,
        host,
        definitions: () => ({ script: definition }),
        news$: follow$(board.log, { ...time, after: position }),
        programVersion: '0.0.0',
        report,
      });
      started.push(dispatcher);
      await dispatcher.start();
      return dispatcher;
    },
    async task(fields = {}) {
      const made = await operator.create({ title: 'Work', assignee: 'script', ...fields });
      if (made.refused) throw new Error(made.message);
      return made.taskId;
    },
    async until(taskId, status) {
      const statusNow = async () => (await board.read()).task(taskId, board.nowMs())?.status;
      await eventually(`${taskId} is ${status}`, async () => (await statusNow()) === status);
    },
    atWork: (taskId) =>
      eventually(`${taskId} is at work`, async () => {
        const run = (await runs(taskId)).at(-1);
        const output = run?.process && (await host.runFiles.readTail(run.runId));
        return output ? run : undefined;
      }),
  };
}

/** Where the token of a run is. */
export function tokenPath(directory: string, runId: string): string {
  return join(directory, 'runs', runId, 'token');
}
