/** The weather of a simulation: everything that goes wrong at a moment of its own. */

import type { Chance } from '../trial/chance.ts';
import type { Machine } from './cast.ts';
import { type Fleet, isBehind } from './fleet.ts';
import { forge } from './people.ts';
import type { Stage } from './stage.ts';
import type { MishapKind } from './traits.ts';

interface Scene {
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly chance: Chance;
}

/** Lets every mishap that was drawn come at its moment, and keeps an eye on who is in trouble. */
export function brewWeather(stage: Stage, fleet: Fleet): void {
  const { traits, time } = stage;
  for (const [kind, count] of Object.entries(traits.mishaps) as [MishapKind, number][]) {
    const chance = stage.chance.fork(`weather ${kind}`);
    for (let number = 0; number < count; number += 1) {
      time.after(chance.between(0, traits.foulMs), () => {
        if (stage.isFoul()) mishaps[kind]({ stage, fleet, chance });
      });
    }
  }
  lookOut(stage, fleet);
}

/** How often somebody looks who is in trouble, in ms. */
const lookOutEveryMs = 100;

/** Takes note of hosts without a dispatcher that could renew a lease. */
function lookOut(stage: Stage, fleet: Fleet): void {
  for (const machine of stage.machines) {
    const isAttended = fleet
      .living()
      .some((each) => each.machine === machine && !each.actor.isAsleep);
    const isOut = machine.kernel.isBlind || isBehind(stage, machine);
    if (!isAttended || stage.logCondition() !== 'fine' || isOut) {
      machine.noteTrouble();
    }
  }
  stage.watch.looksAround();
  stage.time.after(lookOutEveryMs, () => lookOut(stage, fleet));
}

const mishaps: Readonly<Record<MishapKind, (scene: Scene) => void>> = {
  death: ({ fleet, chance }) => anyOf(fleet, chance)?.actor.die(),

  death_at_call({ stage, fleet, chance }) {
    const victim = anyOf(fleet, chance);
    if (victim === undefined) return;
    const side = chance.pick(['before', 'after'] as const);
    victim.actor.dieAtCall(chance.whole(1, 40), side);
    victim.machine.noteTrouble();
    stage.journal.note([victim.name], () => `${victim.name} will die ${side} one of its calls`);
  },

  suspension({ stage, fleet, chance }) {
    const victim = anyOf(fleet, chance);
    if (victim === undefined) return;
    const { actor, name, machine } = victim;
    const forMs = chance.between(500, 30_000);
    stage.journal.note(['*', name], () => `${name} is stopped for ${Math.round(forMs)} ms`);
    actor.sleep();
    machine.noteTrouble();
    stage.time.after(forMs, () => {
      actor.wake();
      machine.noteTrouble();
      stage.journal.note(['*', name], () => `${name} goes on`);
    });
  },

  graceful_stop({ fleet, chance }) {
    const leaver = anyOf(fleet, chance);
    leaver?.dispatcher
      .stop({ reason: 'asked to' })
      .catch(() => {})
      .finally(() => leaver.actor.die());
  },

  host_sleep({ stage, chance }) {
    const machine = chance.pick(stage.machines);
    const forMs = chance.between(1_000, 60_000);
    stage.journal.note(['*'], () => `${machine.hostId} sleeps for ${Math.round(forMs)} ms`);
    const sleepers = stage.actorsOn(machine);
    for (const actor of sleepers) actor.sleep();
    machine.noteTrouble();
    stage.time.after(forMs, () => {
      for (const actor of sleepers) actor.wake();
      machine.noteTrouble();
    });
  },

  reboot({ stage, chance }) {
    const machine = chance.pick(stage.machines);
    stage.journal.note(['*'], () => `${machine.hostId} is switched off and on`);
    machine.noteTrouble();
    machine.reboot();
  },

  wall_step({ stage, chance }) {
    const machine = chance.pick(stage.machines);
    const hourMs = 3_600_000;
    const ms = chance.pick([hourMs, 24 * hourMs, 5_000]) * chance.pick([1, -1]);
    stage.journal.note(['*'], () => `the wall clock of ${machine.hostId} steps by ${ms} ms`);
    machine.stepWall(ms);
  },

  log_slow: ({ stage, chance }) => spoilLog(stage, 'slow', chance.between(500, 8_000)),

  log_down: ({ stage, chance }) => spoilLog(stage, 'down', chance.between(500, 15_000)),

  blind({ stage, chance }) {
    const { kernel, hostId } = chance.pick(stage.machines);
    kernel.isBlind = true;
    stage.journal.note(['*'], () => `/proc of ${hostId} cannot be read`);
    stage.time.after(chance.between(500, 15_000), () => {
      kernel.isBlind = false;
      stage.journal.note(['*'], () => `/proc of ${hostId} can be read again`);
    });
  },

  worker_kill({ stage, chance }) {
    const victims = stage.workers.filter(({ program }) => program?.isAlive);
    if (victims.length === 0) return;
    const { program, launcher, runId } = chance.pick(victims);
    stage.journal.note([runId], () => `somebody kills the worker of ${runId}`);
    if (chance.happens(0.5)) launcher.signal('SIGKILL');
    program?.signal('SIGKILL');
  },

  deaf_parent({ stage, chance }) {
    const machine: Machine = chance.pick(stage.machines);
    stage.journal.note(['*'], () => `what starts workers on ${machine.hostId} dies`);
    machine.loseParents();
  },

  cut_off({ stage, chance }) {
    const machine = chance.pick(stage.machines);
    const forMs = chance.between(500, 15_000);
    stage.journal.note(
      ['*'],
      () => `no news reaches ${machine.hostId} for ${Math.round(forMs)} ms`,
    );
    stage.cutOff(machine.hostId, forMs);
    machine.noteTrouble();
  },

  forgery: ({ stage, chance }) => void forge(stage, chance),
};

function anyOf(fleet: Fleet, chance: Chance) {
  const living = fleet.living().filter(({ actor }) => !actor.isAsleep);
  return chance.pickIfAny(living);
}

function spoilLog(stage: Stage, condition: 'slow' | 'down', forMs: number): void {
  stage.setLogCondition(condition);
  stage.journal.note(['*'], () => `the log is ${condition} for ${Math.round(forMs)} ms`);
  stage.time.after(forMs, () => {
    stage.setLogCondition('fine');
    stage.journal.note(['*'], () => 'the log is fine again');
  });
}
