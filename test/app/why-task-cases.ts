/** For every status: stories that lead there, and why it is so. */
import { expect } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import type { Status } from '../../src/domain/readiness.ts';
import { aScene } from '../dispatcher/a-dispatcher.ts';
import { liveFor } from '../dispatcher/pace.ts';
import { dispatcher as quay } from '../kit/callers.ts';
import { alone, atWork, type Case, exits, hour, minute, outage, task, word } from './why-scenes.ts';

const gpu = { gpu: { run: ['gpu'], requires: ['cuda'] } };

function started(policy: Policy) {
  const data = { host: 'h', bootId: 'b', pid: 1, programVersion: '0', assignees: ['agent'] };
  return { type: 'DispatcherStarted', data: { policy, ...data } } as const;
}

/** Why tasks stand where they stand. */
export const ofTasks: Readonly<Record<Status, readonly Case[]>> = {
  triage: [
    {
      rule: 'unspecified',
      by: 'human',
      headline: /^in triage: put there by ada/,
      unknown: /what is missing/,
      tell: () => alone({ triage: true }),
    },
  ],
  waiting: [
    {
      rule: 'parents_open',
      by: 'human',
      headline: /^waits for T-0000000001$/,
      inputs: { openParents: ['T-0000000001'], parents: 1 },
      prevention: /promote T-\d+ --force/,
      tell: async () => {
        const { scene, id } = await alone({});
        return { scene, id: await scene.task({ parents: [id] }) };
      },
    },
    {
      rule: 'parents_given_up',
      by: 'human',
      headline: /given up: it will not go on by itself$/,
      inputs: { givenUp: ['T-0000000001'] },
      prevention: /logboard unlink T-0000000001/,
      tell: async () => {
        const { scene, id } = await alone({});
        const child = await scene.task({ parents: [id] });
        await scene.operator.archive(id, 'too costly');
        return { scene, id: child };
      },
    },
  ],
  scheduled: [
    {
      rule: 'not_before',
      by: 'human',
      headline: /^scheduled for later, for another 4 h$/,
      inputs: { leftMs: 4 * hour },
      prevention: /logboard promote/,
      tell: () =>
        alone({}, (scene, id) => scene.operator.schedule(id, scene.clock.nowMs() + 4 * hour)),
    },
    {
      rule: 'backoff',
      by: 'dispatcher',
      headline: /^backing off, for another/,
      inputs: { outcome: 'crashed', failures: 1, waitMs: expect.any(Number) },
      tell: () => task(exits(3), { retryBackoffMs: minute }),
    },
    {
      rule: 'rate_limit',
      by: 'dispatcher',
      headline: /^held by a limit from outside/,
      inputs: { outcome: 'rate_limited', holds: 1, failures: 0 },
      tell: () => task(exits(75)),
    },
    {
      rule: 'outage_hold',
      by: 'dispatcher',
      headline: /fails alike on every task/,
      inputs: { outcome: 'crashed', outageTasks: 3, outageCode: '1' },
      tell: () =>
        outage(({ status, hold }) => status === 'scheduled' && hold === 'outage', {
          retryBackoffMs: minute,
        }),
    },
  ],
  ready: [
    {
      rule: 'board_paused',
      by: 'human',
      headline: /^ready, but ada paused the board: storm$/,
      prevention: /logboard resume/,
      tell: () =>
        alone({}, async ({ operator }) => {
          await operator.changeBoard({ type: 'CreateBoard', name: 'yard', epoch: 'epoch-1' });
          await operator.changeBoard({ type: 'PauseBoard', reason: 'storm' });
        }),
    },
    {
      rule: 'nobody_assigned',
      by: null,
      headline: /^ready, but nobody is assigned to it$/,
      prevention: /logboard assign T-0000000001/,
      tell: () => alone({ assignee: undefined }, (scene) => scene.dispatcher().start()),
    },
    {
      rule: 'no_dispatcher',
      by: null,
      headline: /^ready, but no dispatcher is at work on this board$/,
      inputs: { dispatchers: 0, readyForMs: 0, ahead: 0 },
      tell: () => alone({}),
    },
    {
      rule: 'no_worker_definition',
      by: null,
      headline: /^ready, but no dispatcher at work has a worker definition for paints$/,
      inputs: { assignee: 'paints', served: ['agent', 'script'] },
      tell: () => alone({ assignee: 'paints' }, (scene) => scene.dispatcher().start()),
    },
    {
      rule: 'no_worker_definition',
      by: null,
      headline: /^ready, but no dispatcher at work has a worker definition for agent$/,
      inputs: { assignee: 'agent', served: ['script'] },
      tell: async () => {
        const dispatcher = { id: 'D-1', assignees: ['script'] };
        const { scene, id } = await alone({}, async ({ operator, board, policy }) => {
          await operator.changeBoard({ type: 'CreateBoard', name: 'yard', epoch: 'epoch-1' });
          await board.as(quay).recordDispatcher('D-1', started(policy));
          await board.as(quay).changeBoard({ type: 'ChangePolicy', policy, dispatcher });
        });
        return { scene, id };
      },
    },
    {
      rule: 'host_lacks_capability',
      by: null,
      headline: /^ready, but no host has what workers of gpu require$/,
      inputs: { lacking: ['cuda'] },
      tell: () => alone({ assignee: 'gpu' }, (scene) => scene.dispatcher({ workers: gpu }).start()),
    },
    {
      rule: 'outage_probe',
      by: null,
      headline: /^ready, but script failed alike on 3 tasks \(crashed, 1\)/,
      inputs: { assignee: 'script', outcome: 'crashed', code: '1', outageTasks: 3 },
      tell: () => outage(({ status }) => status === 'ready'),
    },
    {
      rule: 'assignee_cap',
      by: null,
      headline: /^ready, but agent has 1 of 1 worker; it is the next$/,
      inputs: { assignee: 'agent', running: 1, cap: 1 },
      tell: async () => {
        const { scene } = await atWork({}, {}, { agent: { run: ['agent'], max: 1 } });
        return { scene, id: await scene.task() };
      },
    },
    {
      rule: 'host_cap',
      by: null,
      headline: /^ready, but its host has 2 of 2 workers; 1 ready task first$/,
      inputs: { running: 2, maxRunning: 2, ahead: 1 },
      tell: async () => {
        const { scene } = await atWork({ maxRunning: 2 });
        for (let n = 0; n < 2; n += 1) await scene.task();
        await scene.clock.settle();
        return { scene, id: await scene.task() };
      },
    },
    {
      rule: 'free_to_start',
      by: null,
      headline: /^ready, and nothing in the log keeps it from being started$/,
      unknown: /whether D-1 still lives/,
      tell: async () => {
        const scene = await aScene();
        await scene.board.as(quay).recordDispatcher('D-1', started(scene.policy));
        return { scene, id: await scene.task() };
      },
    },
  ],
  running: [
    {
      rule: 'claimed',
      by: 'dispatcher',
      headline: /^running \(try 1\): claimed by D-1$/,
      inputs: { leaseMs: 900_000, ageMs: 5_000 },
      tell: () => task((_worker, { clock }) => clock.advance(5_000)),
    },
    {
      rule: 'launching',
      by: 'dispatcher',
      headline: /^running \(try 1\): claimed by quay$/,
      inputs: { leaseMs: 30_000 },
      tell: () => alone({}, ({ board }, id) => board.as(quay).claim(id, { kind: 'worker' })),
    },
    {
      rule: 'silent_beyond_lease',
      by: 'dispatcher',
      headline: /^running \(try 1\), but not heard of: silent 60 min > lease 15 min$/,
      inputs: { ageMs: hour, leaseMs: 900_000 },
      unknown: /whether its process lives/,
      tell: () =>
        alone({}, async ({ board, clock }, id) => {
          await board.as(quay).claim(id);
          await clock.advance(hour);
        }),
    },
    {
      rule: 'lease_over_stopped',
      by: 'dispatcher',
      headline: /^running again \(try 2\) because try 1 was reclaimed by dispatcher D-1/,
      inputs: { process: 'stopped', states: 'T', leaseMs: minute, leaseAgeMs: expect.any(Number) },
      tell: () =>
        task(
          async (worker, { clock }) => {
            worker.condition = 'stopped';
            await clock.advance(minute + 10_000);
          },
          { claimTtlMs: minute },
        ),
    },
    {
      rule: 'said_by_person',
      by: 'human',
      headline: /^running again \(try 2\) because ada rejected the work: it drips$/,
      tell: () =>
        task(async (worker, scene, id) => {
          await word(scene, worker).complete(true);
          worker.exit(0);
          await scene.operator.review(id, { approve: false, reason: 'it drips' });
          await scene.clock.advance(5_000);
        }),
    },
  ],
  review: [
    {
      rule: 'review_asked',
      by: 'worker',
      headline: /^waits for a person to look at the work: two coats$/,
      prevention: /--approve/,
      tell: () => task((worker, scene) => word(scene, worker).complete(true)),
    },
  ],
  done: [
    {
      rule: 'said_by_worker',
      by: 'worker',
      headline: /^done: completed by worker R-\d+: two coats$/,
      tell: () => task((worker, scene) => word(scene, worker).complete()),
    },
    {
      rule: 'said_by_person',
      by: 'human',
      headline: /^done: completed by ada$/,
      prevention: /logboard reopen/,
      tell: () => alone({}, ({ operator }, id) => operator.complete(id, {})),
    },
    {
      rule: 'exit_means',
      by: 'dispatcher',
      headline: /^done: completed by dispatcher D-1/,
      tell: () => task(exits(0), {}, { assignee: 'script' }),
    },
    {
      rule: 'review_approved',
      by: 'human',
      headline: /^done: approved by ada: fine$/,
      tell: () =>
        task(async (worker, scene, id) => {
          await word(scene, worker).complete(true);
          await scene.operator.review(id, { approve: true, reason: 'fine' });
        }),
    },
  ],
  blocked: [
    {
      rule: 'said_by_worker',
      by: 'worker',
      headline: /^blocked by worker R-\d+ \(needs input\): which red\?$/,
      prevention: /logboard unblock/,
      tell: () => task((worker, scene) => word(scene, worker).block()),
    },
    {
      rule: 'said_by_person',
      by: 'human',
      headline: /^blocked by ada \(operator\): no paint$/,
      tell: () =>
        alone({}, ({ operator }, id) =>
          operator.block(id, { cause: 'operator', reason: 'no paint' }),
        ),
    },
    {
      rule: 'exit_means',
      by: 'dispatcher',
      headline: /^blocked by dispatcher D-1 \(needs input\): exited with 9$/,
      tell: () => task(exits(9), {}, {}, { agent: { run: ['x'], onExit: { 9: 'block' } } }),
    },
  ],
  halted: [
    {
      rule: 'breaker',
      by: 'dispatcher',
      headline: /^halted by the breaker after 2 failures in a row; last: crashed: exited with 3$/,
      inputs: { budget: 'failures', count: 2, limit: 2, limitFrom: 'policy' },
      prevention: /logboard unblock/,
      tell: () =>
        task(async (_worker, scene) => liveFor(scene, minute, (worker) => worker.exit(3))),
    },
    {
      rule: 'breaker',
      by: 'dispatcher',
      headline: /^halted by the breaker after 1 run taken back in a row/,
      inputs: { budget: 'recoveries', count: 1, limit: 1 },
      tell: () =>
        task(
          async (worker, { clock }) => {
            worker.condition = 'stopped';
            await clock.advance(hour);
          },
          { recoveryLimit: 1 },
        ),
    },
  ],
  archived: [
    {
      rule: 'put_away',
      by: 'human',
      headline: /^put away by ada: too costly$/,
      inputs: { before: 'queued' },
      prevention: /--restore/,
      tell: () => alone({}, ({ operator }, id) => operator.archive(id, 'too costly')),
    },
  ],
  tombstoned: [
    {
      rule: 'removed',
      by: 'human',
      headline: /^removed for good by ada$/,
      unknown: /why: nobody said/,
      tell: () =>
        alone({}, async ({ operator }, id) => {
          await operator.archive(id);
          await operator.tombstone(id);
        }),
    },
    {
      rule: 'removed',
      by: 'human',
      headline: /^removed for good, its text forgotten, by ada: asked for$/,
      tell: () => alone({}, ({ operator }, id) => operator.markForgotten(id, 'asked for')),
    },
  ],
};
