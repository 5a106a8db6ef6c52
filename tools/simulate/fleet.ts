/** The dispatchers of a simulation: their processes start, die, stop, and are started again. */
import type { Projections } from '../../projections/run.ts';
import { createDispatcher, type Dispatcher } from '../../src/dispatcher/dispatcher.ts';
import { plan } from '../../src/dispatcher/plan.ts';
import {
  type WorkerDefinitions,
  workerDefinitionSchema,
} from '../../src/dispatcher/worker-definition.ts';
import { follow$ } from '../../src/log/follow.ts';
import type { Actor } from './actor.ts';
import type { Machine } from './cast.ts';
import { boardFor } from './client.ts';
import type { KernelProcess } from './kernel.ts';
import { connect } from './log-line.ts';
import type { Stage } from './stage.ts';
import { openTables, tablesFor } from './tables.ts';

/** A dispatcher's process. */
export interface DispatcherProcess {
  readonly name: string;
  readonly machine: Machine;
  readonly actor: Actor;
  readonly process: KernelProcess;
  readonly dispatcher: Dispatcher;
}

/** All dispatchers, and those that will be started again. */
export interface Fleet {
  /** Those that live. */
  living(): readonly DispatcherProcess[];
  /** Whether each of them lives and is awake, and the log is there for them. */
  isUp(): boolean;
  /** The tables of each host, in the order of the hosts. */
  readonly tables: readonly Projections[];
  close(): void;
}

/** How long it takes until somebody starts a dispatcher again, in ms. */
const restartMs = [200, 5_000] as const;

/** Starts as many dispatchers as the stage asks for, spread over its hosts, and keeps them up. */
export async function startFleet(stage: Stage): Promise<Fleet> {
  const { traits, machines, time, journal } = stage;
  const chance = stage.chance.fork('fleet');
  const definitions = parsed(traits.definitions);
  const tables = await Promise.all(machines.map(({ hostId }) => openTables(stage, hostId)));
  const living = new Set<DispatcherProcess>();
  let serial = 0;

  function start(place: number): void {
    serial += 1;
    const name = `D-${serial}`;
    const machine = machines[place % machines.length]!;
    const actor = stage.newActor(name, machine);
    const process = machine.kernel.start({
      name,
      leads: true,
      onEnd: () => actor.die(),
    });
    const host = machine.hostFor(actor, process);
    const shared = tables[place % machines.length]!;
    const board = boardFor(stage, actor, tablesFor(stage, actor, shared));
    const { bug } = stage;
    const dispatcher = createDispatcher({
      dispatcherId: name,
      board: bug.board?.(board) ?? board,
      boardDirectory: '/board',
      host: bug.host?.(host, { world: stage, machine }) ?? host,
      definitions: () => definitions,
      news$: newsFor(actor),
      programVersion: '0.0.0',
      plan: bug.plan?.(plan) ?? plan,
      report: (kind, facts) =>
        journal.note([name, ...idsIn(facts)], () => `${name} ${kind} ${JSON.stringify(facts)}`),
    });
    const entry = { name, machine, actor, process, dispatcher };
    living.add(entry);
    actor.onDeath(() => {
      living.delete(entry);
      process.signal('SIGKILL');
      journal.note(['*', name], () => `${name} on ${machine.hostId} is dead`);
      time.after(chance.between(...restartMs), () => start(place));
    });
    journal.note(['*', name], () => `${name} starts on ${machine.hostId}`);
    dispatcher.start().catch(() => actor.die());
  }

  function newsFor(actor: Actor) {
    const { clock, timers } = actor;
    const after = stage.watch.position();
    return follow$(connect(stage, actor), { clock, timers, random: actor.chance.float, after });
  }

  for (let place = 0; place < traits.dispatchers; place += 1) {
    time.after(chance.between(0, 2_000), () => start(place));
  }
  return {
    living: () => [...living],
    isUp: () =>
      living.size === traits.dispatchers &&
      stage.logCondition() === 'fine' &&
      [...living].every(
        ({ actor, machine }) =>
          !actor.isAsleep && !machine.kernel.isBlind && !isBehind(stage, machine),
      ),
    tables,
    close: () => {
      for (const each of tables) each.close();
    },
  };
}

function parsed(written: Stage['traits']['definitions']): WorkerDefinitions {
  const entries = Object.entries(written);
  return Object.fromEntries(
    entries.map(([name, definition]) => [name, workerDefinitionSchema.parse(definition)]),
  );
}

function idsIn(facts: object): string[] {
  const { runId, taskId, subject } = facts as Record<string, unknown>;
  return [runId, taskId, subject].filter((id) => typeof id === 'string');
}

/** Whether what a host reads is so old that its dispatchers end nobody for silence. */
export function isBehind({ logOn }: Pick<Stage, 'logOn'>, { hostId }: Machine): boolean {
  return (logOn(hostId).behindMs?.() ?? 0) >= 250;
}
