/** The stage of one simulation: everything in it, for whoever takes part. */

import { derivedTaskId } from '../../src/app/derived-id.ts';
import type { BoardIds } from '../../src/app/session.ts';
import type { ExitStatus, RunIds } from '../../src/dispatcher/ports.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import type { Clock } from '../../src/log/ports.ts';
import { type Actor, createActor } from './actor.ts';
import type { Bug } from './bug.ts';
import { type Chance, createChance } from './chance.ts';
import { createJournal, type Journal } from './journal.ts';
import type { KernelProcess } from './kernel.ts';
import type { LogCondition } from './log-line.ts';
import type { Machine, Worker } from './machine.ts';
import { drawTraits, type Sizes, type Traits } from './traits.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';
import { createWatch, type Watch } from './watch.ts';
import { startProgram } from './worker.ts';

/** Everything that takes part. */
export interface Stage {
  readonly traits: Traits;
  readonly policy: Policy;
  readonly bug: Bug;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly journal: Journal;
  /** The log itself, at no distance. */
  readonly log: EventLog;
  readonly watch: Watch;
  readonly ids: RunIds;
  /** The tokens of runs, by run id. */
  readonly tokens: Map<string, string>;
  /** Every worker that was ever spawned, oldest first. */
  readonly workers: Worker[];
  readonly machines: Machine[];
  /** Whether things may still go wrong. */
  isFoul(): boolean;
  /** From now on nothing goes wrong any more. */
  calm(): void;
  logCondition(): LogCondition;
  setLogCondition(condition: LogCondition): void;
  newActor(name: string, machine?: Machine): Actor;
  actorsOn(machine: Machine): readonly Actor[];
  idsFor(actor: Actor): BoardIds;
  startProgram(worker: Worker, onEnd: (status: ExitStatus) => void): KernelProcess;
  /** A worker writes to its output. */
  print(worker: Worker, text: string): void;
}

/** How to simulate. */
export interface StageOptions {
  readonly seed: number;
  readonly bug: Bug;
  readonly sizes?: Sizes;
  readonly keepsJournal?: boolean;
}

/** An empty stage. */
export function createStage({ seed, bug, sizes, keepsJournal = false }: StageOptions): Stage {
  const chance = createChance(`seed ${seed}`);
  const traits = drawTraits(chance.fork('traits'), sizes);
  const { policy } = traits;
  const time = createVirtualTime();
  const journal = createJournal(time.nowMs, keepsJournal);
  const worldClock = clockOf(time);
  const log = createMemoryLog({ clock: worldClock, epoch: 'epoch-1' });
  const workers: Worker[] = [];
  const machines: Machine[] = [];
  const actors: { readonly actor: Actor; readonly machine: Machine | undefined }[] = [];
  const watch = createWatch({ time, journal, log, policy, workers, traits });
  let isFoul = true;
  let condition: LogCondition = 'fine';
  let serial = 0;
  const next = (digits: number) => {
    serial += 1;
    return String(serial).padStart(digits, '0');
  };

  const stage: Stage = {
    traits,
    policy,
    bug,
    time,
    chance,
    journal,
    log,
    watch,
    tokens: new Map(),
    workers,
    machines,
    ids: {
      runId: () => `R-${next(12)}`,
      nonce: () => next(12),
      runToken: () => {
        const token = next(12);
        return { token, hash: token.padStart(64, '0') };
      },
    },
    isFoul: () => isFoul,
    calm: () => {
      isFoul = false;
    },
    logCondition: () => condition,
    setLogCondition: (changed) => {
      condition = changed;
    },
    newActor(name, machine) {
      const clock = machine?.clock ?? worldClock;
      const actor = createActor({ name, time, clock, chance: chance.fork(`actor ${name}`) });
      actors.push({ actor, machine });
      return actor;
    },
    actorsOn: (machine) =>
      actors
        .filter((each) => each.machine === machine && each.actor.isAlive)
        .map(({ actor }) => actor),
    idsFor: (actor) => ({
      taskId: (key, round = 0) => (key === undefined ? `T-${next(10)}` : derivedTaskId(key, round)),
      runId: () => `R-${next(12)}`,
      commandId: () => `${actor.name} ${next(6)}`,
    }),
    startProgram: (worker, onEnd) => startProgram(stage, worker, onEnd),
    print(worker, text) {
      const record = worker.machine.runs.get(worker.runId);
      if (record !== undefined) record.output += text;
    },
  };
  return stage;
}

/** The clock of whoever is on no host in particular. */
function clockOf(time: VirtualTime): Clock {
  const startMs = Date.UTC(2026, 4, 1, 8);
  return { nowMs: () => startMs + Math.floor(time.nowMs()), monoMs: () => time.nowMs() };
}
