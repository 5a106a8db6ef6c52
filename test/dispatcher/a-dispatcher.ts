/** A board in memory, a machine without processes, and dispatchers on them, under a fake clock. */
import { onTestFinished } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import { type Board, createBoard } from '../../src/app/board.ts';
import { createDispatcher, type Dispatcher } from '../../src/dispatcher/dispatcher.ts';
import type { Report, ReportKind } from '../../src/dispatcher/ports.ts';
import {
  type WorkerDefinitionInput,
  type WorkerDefinitions,
  workerDefinitionSchema,
} from '../../src/dispatcher/worker-definition.ts';
import type { BoardDomainEvent } from '../../src/domain/catalogue.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { follow$ } from '../../src/log/follow.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createFakeClock, type FakeClock } from '../kit/fake-clock.ts';
import { createFakeMachine, type FakeMachine } from './fake-machine.ts';

/** Everything a test about dispatchers holds. */
export interface Scene {
  readonly clock: FakeClock;
  readonly machine: FakeMachine;
  readonly board: Board;
  readonly log: EventLog;
  /** What an operator may do. */
  readonly operator: ReturnType<Board['as']>;
  /** What dispatchers told, oldest first. */
  readonly told: { kind: ReportKind; facts: JsonObject }[];
  policy: Policy;
  /** Makes a dispatcher of its own process; not started. */
  dispatcher(options?: DispatcherOptions): Dispatcher;
  /** Makes a task; answers its id. */
  task(fields?: {
    assignee?: string | undefined;
    title?: string;
    [field: string]: unknown;
  }): Promise<string>;
  status(taskId: string): Promise<string>;
  /** The types of the events of a stream, oldest first. */
  events(stream: string): Promise<string[]>;
  /** The last event of a stream. */
  last(stream: string): Promise<BoardDomainEvent>;
}

/** How a dispatcher differs from the usual one. */
export interface DispatcherOptions {
  readonly pid?: number;
  readonly workers?: Readonly<Record<string, WorkerDefinitionInput>>;
  /** Definitions that may change; in place of `workers`. */
  readonly definitions?: () => WorkerDefinitions;
  readonly machine?: FakeMachine;
  /** Stands between the dispatcher and its board. */
  readonly board?: (board: Board) => Board;
  /** Listens in place of `told`. */
  readonly report?: Report;
}

/** Workers that do everything a test may want: an agent, and a script that answers by its exit. */
export const usualWorkers: Readonly<Record<string, WorkerDefinitionInput>> = {
  agent: { run: ['agent'] },
  script: { run: ['script'], onExit: { 0: 'complete', 75: 'retry', '*': 'fail' } },
};

/** The definitions that somebody has written. */
export function definitionsOf(
  written: Readonly<Record<string, WorkerDefinitionInput>>,
): WorkerDefinitions {
  const entries = Object.entries(written);
  return Object.fromEntries(entries.map(([name, it]) => [name, workerDefinitionSchema.parse(it)]));
}

/** A new scene, over a log as `wrap` has it; everything in it ends with the test. */
export async function aScene(
  rules: Partial<Policy> = {},
  wrap: (log: EventLog) => EventLog = (log) => log,
): Promise<Scene> {
  const clock = createFakeClock();
  const machine = createFakeMachine(clock);
  const log = wrap(createMemoryLog({ clock, epoch: 'epoch-1' }));
  const projections = await openProjections({ log, timers: clock, path: ':memory:' });
  let serial = 0;
  const next = (length: number) => {
    serial += 1;
    return String(serial).padStart(length, '0');
  };
  const ids = {
    taskId: () => `T-${next(10)}`,
    runId: () => `R-${next(12)}`,
    commandId: () => `command-${next(6)}`,
  };
  const scene = { policy: { ...defaultPolicy, ...rules } };
  const board = createBoard({ log, projections, clock, ids, policy: () => scene.policy });
  const operator = board.as({ actor: { kind: 'human', id: 'ada' }, surface: 'cli' });
  const told: Scene['told'] = [];
  const started: Dispatcher[] = [];
  onTestFinished(async () => {
    for (const each of started) void each.stop({ drainMs: 0 }).catch(() => {});
    await clock.advance(60_000);
    await board.close();
  });

  function dispatcher(options: DispatcherOptions = {}): Dispatcher {
    const { pid = 1, workers = usualWorkers } = options;
    const defined = definitionsOf(workers);
    const made = createDispatcher({
      dispatcherId: `D-${pid}`,
      board: options.board?.(board) ?? board,
      boardDirectory: '/board',
      host: (options.machine ?? machine).host(pid),
      definitions: options.definitions ?? (() => defined),
      news$: follow$(log, { clock, timers: clock, random: () => 0.5 }),
      programVersion: '0.0.0',
      report: options.report ?? ((kind, facts) => told.push({ kind, facts })),
    });
    started.push(made);
    return made;
  }

  async function read(stream: string): Promise<BoardDomainEvent[]> {
    return (await log.readStream(stream)).map(codec.decode);
  }

  return Object.assign(scene, {
    clock,
    machine,
    board,
    log,
    operator,
    told,
    dispatcher,
    async task(fields = {}) {
      const made = await operator.create({ title: 'Paint the hull', assignee: 'agent', ...fields });
      if (made.refused) throw new Error(made.message);
      return made.taskId;
    },
    async status(taskId: string) {
      return (await board.read()).task(taskId, clock.nowMs())?.status ?? 'missing';
    },
    events: async (stream: string) => (await read(stream)).map(({ type }) => type),
    last: async (stream: string) => (await read(stream)).at(-1) as BoardDomainEvent,
  } satisfies Omit<Scene, 'policy'>);
}

/** Something is done before the record of a spawn goes through. */
export function beforeRecordSpawn(happen: () => Promise<void>) {
  return (board: Board): Board => ({
    ...board,
    as(caller) {
      const commands = board.as(caller);
      return {
        ...commands,
        async recordSpawn(...args) {
          await happen();
          return commands.recordSpawn(...args);
        },
      };
    },
  });
}
