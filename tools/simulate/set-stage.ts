/** Sets the stage for a seed: time, chance, the log, somebody who watches, and nobody else yet. */
import { derivedTaskId } from '../../src/app/derived-id.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createChance } from '../trial/chance.ts';
import { type Actor, createActor } from './actor.ts';
import type { Bug } from './bug.ts';
import type { Machine } from './cast.ts';
import { createJournal } from './journal.ts';
import { createReplica, type Replica } from './replica.ts';
import type { LogCondition, Stage } from './stage.ts';
import { drawTraits, type Sizes } from './traits.ts';
import { createVirtualTime } from './virtual-time.ts';
import { createWatch } from './watch.ts';

/** How to simulate. */
export interface StageOptions {
  readonly seed: number;
  readonly bug: Bug;
  readonly sizes?: Sizes;
  readonly keepsJournal?: boolean;
}

/** When the clock of whoever is on no host begins, UTC ms. */
const storyStartMs = Date.UTC(2026, 4, 1, 8);

/** An empty stage. */
export function setStage({ seed, bug, sizes, keepsJournal = false }: StageOptions): Stage {
  const chance = createChance(`seed ${seed}`);
  const traits = drawTraits(chance.fork('traits'), sizes);
  const { policy } = traits;
  const time = createVirtualTime();
  const journal = createJournal(time.nowMs, keepsJournal);
  const clock = { nowMs: () => storyStartMs + Math.floor(time.nowMs()), monoMs: time.nowMs };
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  const workers: Stage['workers'] = [];
  const actors: { readonly actor: Actor; readonly machine: Machine | undefined }[] = [];
  const watch = createWatch({ time, journal, log, policy, workers, traits });
  const weather = { isFoul: true, log: 'fine' as LogCondition };

  const replicas = new Map<string, Replica>();

  function replicaOn(hostId: string): Replica {
    const parts = { log, time, chance: chance.fork(`replica ${hostId}`), onStored: watch.look };
    const replica = replicas.get(hostId) ?? createReplica(parts);
    replicas.set(hostId, replica);
    return replica;
  }

  function newActor(name: string, machine?: Machine): Actor {
    const parts = { name, time, clock: machine?.clock ?? clock };
    const place = { hostId: machine?.hostId };
    const actor = createActor({ ...parts, ...place, chance: chance.fork(`actor ${name}`) });
    actors.push({ actor, machine });
    return actor;
  }

  function actorsOn(machine: Machine): readonly Actor[] {
    const here = actors.filter((each) => each.machine === machine && each.actor.isAlive);
    return here.map(({ actor }) => actor);
  }

  return {
    traits,
    policy,
    bug,
    time,
    clock,
    chance,
    journal,
    log,
    logOn: (hostId) => (hostId === undefined || !traits.isCluster ? log : replicaOn(hostId).log),
    cutOff: (hostId, forMs) => {
      if (traits.isCluster) replicaOn(hostId).stall(forMs);
    },
    watch,
    ledger: watch.ledger,
    tokens: new Map(),
    workers,
    machines: [],
    ...createIds(),
    isFoul: () => weather.isFoul,
    calm: () => {
      weather.isFoul = false;
    },
    logCondition: () => weather.log,
    setLogCondition: (condition) => {
      weather.log = condition;
    },
    newActor,
    actorsOn,
  };
}

/** Ids that are counted up, so that the same seed makes the same ones. */
function createIds(): Pick<Stage, 'ids' | 'idsFor'> {
  let serial = 0;
  const next = (digits: number) => {
    serial += 1;
    return String(serial).padStart(digits, '0');
  };
  const runId = () => `R-${next(12)}`;
  const runToken = () => {
    const token = next(12);
    return { token, hash: token.padStart(64, '0') };
  };
  return {
    ids: { runId, nonce: () => next(12), runToken },
    idsFor: ({ name }) => ({
      taskId: (key, round = 0) => (key === undefined ? `T-${next(10)}` : derivedTaskId(key, round)),
      runId,
      commandId: () => `${name} ${next(6)}`,
    }),
  };
}
