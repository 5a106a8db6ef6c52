/** For every way a run can end: stories that lead there, and why it is so. */
import { expect } from 'vitest';
import { notMineLine } from '../../src/domain/run/not-mine.ts';
import type { RunOutcome } from '../../src/domain/task/events.ts';
import { aScene } from '../dispatcher/a-dispatcher.ts';
import {
  alone,
  atWork,
  type Case,
  elsewhere,
  exits,
  judged,
  minute,
  run,
  word,
} from './why-scenes.ts';

const evidence = { pid: 7, exit: 'not_started', seen: 'by launcher' };
const ages = { runMs: 70_000, leaseMs: 61_000, quietMs: 61_000 };

/** Why runs ended. */
export const ofRuns: Readonly<Record<RunOutcome, readonly Case[]>> = {
  completed: [
    {
      rule: 'said_by_worker',
      by: 'worker',
      headline: /^try 1 completed: two coats$/,
      tell: () => run((worker, scene) => word(scene, worker).complete()),
    },
    {
      rule: 'exit_means',
      by: 'dispatcher',
      headline: /^try 1 completed: 42 files$/,
      inputs: { means: 'complete', meansFrom: 'definition', drainMs: 0, seen: 'by parent' },
      tell: () =>
        run(
          async (worker, scene) => {
            worker.output = '42 files\n';
            await exits(0)(worker, scene);
          },
          {},
          { assignee: 'script' },
        ),
    },
    {
      rule: 'said_by_person',
      by: 'human',
      headline: /^try 1 keeps the record of a completion$/,
      tell: async () => {
        const { scene, id } = await alone({}, ({ operator }, taskId) =>
          operator.complete(taskId, {}),
        );
        const [record] = (await scene.board.read()).runs(id);
        return { scene, id: record?.runId ?? '' };
      },
    },
  ],
  blocked: [
    {
      rule: 'said_by_worker',
      by: 'worker',
      headline: /^try 1 stopped and waits for somebody \(needs input\): which red\?$/,
      prevention: /logboard unblock/,
      tell: () => run((worker, scene) => word(scene, worker).block()),
    },
  ],
  released: [
    {
      rule: 'said_by_worker',
      by: 'worker',
      headline: /^try 1 was given back unfinished: no brush$/,
      tell: () => run((worker, scene) => word(scene, worker).release()),
    },
    {
      rule: 'exit_means',
      by: 'dispatcher',
      headline: /^try 1 was given back unfinished: exited with 9$/,
      inputs: { means: 'release', meansFrom: 'definition' },
      tell: () => run(exits(9), {}, {}, { agent: { run: ['x'], onExit: { 9: 'release' } } }),
    },
  ],
  reclaimed: [
    {
      rule: 'taken_by_person',
      by: 'human',
      headline: /^try 1 was reclaimed by ada: it is mine$/,
      tell: () => run((_worker, { operator }, id) => operator.reclaim(id, 'it is mine')),
    },
    {
      rule: 'launch_lease_over',
      by: 'dispatcher',
      headline: /it never started/,
      inputs: { leaseMs: 30_000, leaseAgeMs: expect.any(Number) },
      prevention: /launchLeaseMs/,
      tell: () => elsewhere({ kind: 'worker', host: 'host-2' }, false),
    },
    {
      rule: 'never_let_go',
      by: 'dispatcher',
      headline: /its dispatcher ended before it let the worker go$/,
      tell: () =>
        run(
          judged({
            type: 'ReclaimRun',
            reason: 'it never started: its dispatcher ended before it let the worker go',
            evidence,
          }),
        ),
    },
    {
      rule: 'lease_over_stopped',
      by: 'dispatcher',
      headline: /its worker is stopped$/,
      inputs: { process: 'stopped', leaseMs: minute, place: 'here', crashGraceMs: 30_000 },
      tell: () =>
        run(
          async (worker, { clock }) => {
            worker.condition = 'stopped';
            await clock.advance(minute + 1_000);
          },
          { claimTtlMs: minute },
        ),
    },
    {
      rule: 'lease_over_unseen',
      by: 'dispatcher',
      headline: /its worker cannot be seen$/,
      inputs: { leaseAgeMs: 61_000, leaseMs: minute },
      tell: () =>
        run(
          judged({
            type: 'ReclaimRun',
            reason: 'its lease is over and its worker cannot be seen',
            evidence: { place: 'here', leaseMs: minute, ages },
          }),
        ),
    },
    {
      rule: 'lease_over_other_host',
      by: 'dispatcher',
      headline: /its host has not renewed it$/,
      inputs: { place: 'other_host', leaseMs: minute },
      tell: () => elsewhere({ kind: 'worker', host: 'host-2' }, true),
    },
    {
      rule: 'lease_over',
      by: 'dispatcher',
      headline: /its lease is over$/,
      inputs: { place: 'outside', leaseMs: minute, leaseAgeMs: expect.any(Number) },
      prevention: /logboard heartbeat --run R-/,
      tell: () => elsewhere({ kind: 'external' }, false),
    },
    {
      rule: 'lease_over',
      by: 'dispatcher',
      headline: /silent$/,
      unknown: /carries no ages/,
      tell: () =>
        run(judged({ type: 'ReclaimRun', reason: 'silent', evidence: { place: 'outside' } })),
    },
  ],
  crashed: [
    {
      rule: 'exit_code',
      by: 'dispatcher',
      headline: /^try 1 crashed: exited with 3$/,
      inputs: { exitCode: 3, means: 'fail', meansFrom: 'default', drainMs: 2_000 },
      prevention: /logboard log R-/,
      tell: () => run(exits(3)),
    },
    {
      rule: 'ended_by_signal',
      by: 'dispatcher',
      headline: /^try 1 crashed: ended by SIGSEGV$/,
      inputs: { signal: 'SIGSEGV', seen: 'by parent', pid: 1_000 },
      tell: () => run(exits('SIGSEGV')),
    },
    {
      rule: 'process_gone',
      by: 'dispatcher',
      headline: /nobody saw how it ended$/,
      inputs: { verdict: 'dead', crashGraceMs: 30_000, runMs: expect.any(Number) },
      unknown: /how its process ended/,
      tell: async () => {
        const { scene, worker } = await atWork();
        scene.machine.kill(1);
        await scene.dispatcher({ pid: 2 }).start();
        await scene.clock.advance(5_000);
        worker.vanish();
        await scene.clock.advance(minute);
        return { scene, id: worker.runId };
      },
    },
    {
      rule: 'guard_refused',
      by: 'dispatcher',
      headline: /could not tell that the run is its own/,
      inputs: { means: 'not_mine', exitCode: 0 },
      tell: () =>
        run(async (worker, scene) => {
          worker.output = `${notMineLine('LOGBOARD_RUN is not set.')}\n`;
          await exits(0)(worker, scene);
        }),
    },
  ],
  timed_out: [
    {
      rule: 'max_runtime',
      by: 'dispatcher',
      headline: /^try 1 ran longer than its limit of 5 min$/,
      inputs: { limitMs: 5 * minute, limitFrom: 'task', elapsedMs: expect.any(Number) },
      tell: () =>
        run((_worker, { clock }) => clock.advance(6 * minute), {}, { maxRuntimeMs: 5 * minute }),
    },
  ],
  stale: [
    {
      rule: 'no_progress',
      by: 'dispatcher',
      headline: /^try 1 showed no progress for /,
      inputs: { silentMs: expect.any(Number), maxSilentMs: 10_000, staleAfterMs: minute },
      prevention: /--note/,
      tell: () =>
        run((_worker, { clock }) => clock.advance(3 * minute), {
          maxSilentMs: 10_000,
          staleAfterMs: minute,
        }),
    },
  ],
  spawn_failed: [
    {
      rule: 'not_spawned',
      by: 'dispatcher',
      headline: /^try 1 could not be started: no such program$/,
      inputs: { errno: 'ENOENT' },
      prevention: /logboard doctor/,
      tell: async () => {
        const scene = await aScene();
        scene.machine.spawnFailure = { spawned: false, errno: 'ENOENT', detail: 'no such program' };
        await scene.dispatcher().start();
        const taskId = await scene.task();
        await scene.clock.settle();
        const [first] = (await scene.board.read()).runs(taskId);
        return { scene, id: first?.runId ?? '' };
      },
    },
  ],
  protocol_violated: [
    {
      rule: 'no_answer',
      by: 'dispatcher',
      headline: /^try 1 left with exit code 0 and no word about its work$/,
      inputs: { exitCode: 0, means: 'no_answer', meansFrom: 'default' },
      prevention: /logboard complete/,
      tell: () => run(exits(0)),
    },
  ],
  rate_limited: [
    {
      rule: 'try_again_later',
      by: 'dispatcher',
      headline: /^try 1 met a limit from outside, held for at least 5 min$/,
      inputs: { exitCode: 75, holdMs: 300_000, meansFrom: 'default' },
      tell: () => run(exits(75)),
    },
  ],
  canceled: [
    {
      rule: 'task_moved_on',
      by: 'human',
      headline: /^try 1 was canceled by ada: archived by ada$/,
      inputs: { movedAt: expect.any(Number) },
      tell: () => run((_worker, { operator }, id) => operator.archive(id)),
    },
    {
      rule: 'over_cap',
      by: 'dispatcher',
      headline: /^try 1 was canceled by dispatcher quay: agent has as many workers as it may have$/,
      inputs: { cap: 1, running: 1 },
      tell: () =>
        run(
          judged({
            type: 'CancelRun',
            reason: 'agent has as many workers as it may have',
            evidence: { cap: 1, running: 1 },
          }),
        ),
    },
  ],
};
