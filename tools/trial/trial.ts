/** A real board, this machine's own processes, and dispatchers between them, to be disturbed. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../src/app/board.ts';
import { createDispatcher, type Dispatcher } from '../../src/dispatcher/dispatcher.ts';
import type { Report } from '../../src/dispatcher/ports.ts';
import {
  type WorkerDefinitionInput,
  workerDefinitionSchema,
} from '../../src/dispatcher/worker-definition.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import { systemClock, systemTimers } from '../../src/host/clock.ts';
import { type DispatcherHost, openDispatcherHost } from '../../src/host/dispatcher-host.ts';
import { follow$ } from '../../src/log/follow.ts';
import { openBoardAt, programVersion } from '../../src/main.ts';
import { workersOf } from './remains.ts';

/** All that two processes need to know to dispatch for one board; it travels as JSON. */
export interface Place {
  /** Where the board is. Its home, and so the host that its dispatchers are of, lies beside it. */
  readonly directory: string;
  readonly policy: Partial<Policy>;
  readonly workers: Readonly<Record<string, WorkerDefinitionInput>>;
}

/** What a dispatcher holds on to, for those who stand between the two. */
export interface Grip {
  readonly board: Board;
  readonly host: DispatcherHost;
  readonly report: Report;
}

/** Everything an operator may do. */
export type Operator = ReturnType<Board['as']>;

/** A board that is open. */
export interface Trial {
  readonly place: Place;
  readonly board: Board;
  readonly host: DispatcherHost;
  readonly operator: Operator;
  /** Starts a dispatcher of this process. */
  dispatch(dispatcherId: string, report?: Report): Promise<Dispatcher>;
  /** Makes tasks for a worker; answers their ids. */
  createTasks(count: number, assignee: string, fields?: object): Promise<readonly string[]>;
  /** Whatever still works on it is killed. */
  close(): Promise<void>;
}

/** Opens the board of a place, making it if need be; `grasp` may put itself in between. */
export async function openTrial(
  place: Place,
  grasp: (grip: Grip) => Grip = (grip) => grip,
): Promise<Trial> {
  const { directory, workers } = place;
  const home = `${directory}.home`;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const policy = { ...defaultPolicy, ...place.policy };
  const board = await openBoardAt(directory, { access: 'create', policy });
  const host = await openDispatcherHost({
    home,
    boardDirectory: directory,
    environment: process.env,
    capabilities: [],
    projectDirectory: home,
    onError: (error) => console.error(error),
  });
  const operator = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'sdk' });
  const definitions = Object.fromEntries(
    Object.entries(workers).map(([name, written]) => [name, workerDefinitionSchema.parse(written)]),
  );
  return {
    place,
    board,
    host,
    operator,
    async dispatch(dispatcherId, report = () => {}) {
      const { position: after } = await board.log.head();
      const time = { clock: systemClock, timers: systemTimers, random: Math.random };
      const dispatcher = createDispatcher({
        ...grasp({ board, host, report }),
        dispatcherId,
        boardDirectory: directory,
        definitions: () => definitions,
        news$: follow$(board.log, { ...time, after }),
        programVersion,
      });
      await dispatcher.start();
      return dispatcher;
    },
    createTasks: (count, assignee, fields) =>
      createTasks(operator, count, { title: 'Work', assignee, ...fields }),
    async close() {
      for (const pid of workersOf(directory)) process.kill(pid, 'SIGKILL');
      host.close();
      await board.close();
    },
  };
}

type NewTask = Parameters<Operator['create']>[0];

async function createTasks(operator: Operator, count: number, task: NewTask) {
  const made = await Promise.all(Array.from({ length: count }, () => operator.create(task)));
  return made.map((answer) => {
    if (answer.refused) throw new Error(answer.message);
    return answer.taskId;
  });
}

/** The place of a board in a directory, whose only worker is a shell script called `script`. */
export function placeIn(
  parent: string,
  script: readonly string[],
  more: Pick<Place, 'policy'>,
): Place {
  const run = ['/bin/sh', '-c', ...script];
  const workers = { script: { run, onExit: { '0': 'complete', '*': 'fail' } as const } };
  return { directory: join(parent, 'board'), workers, ...more };
}
