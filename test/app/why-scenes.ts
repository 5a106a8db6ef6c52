/** Stories for the question "why?": boards, dispatchers and workers to whom something happens. */
import type { WorkerDefinitionInput } from '../../src/dispatcher/worker-definition.ts';
import type { Status } from '../../src/domain/readiness.ts';
import type { EndRun } from '../../src/domain/run/commands.ts';
import type { RuleName } from '../../src/domain/why/explanation.ts';
import { aScene, type Scene } from '../dispatcher/a-dispatcher.ts';
import type { FakeWorker } from '../dispatcher/fake-machine.ts';
import { liveFor } from '../dispatcher/pace.ts';
import { accepted, dispatcher as quay, workerOf } from '../kit/callers.ts';

/** A story, the id to ask about, and what the answer must say. */
export interface Case {
  readonly rule: RuleName;
  /** Kind of whoever decided; null where nobody did. */
  readonly by: 'human' | 'worker' | 'dispatcher' | null;
  readonly headline: RegExp;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly prevention?: RegExp;
  readonly unknown?: RegExp;
  tell(): Promise<{ readonly scene: Scene; readonly id: string }>;
}

/** In ms. */
export const minute = 60_000;
/** In ms. */
export const hour = 60 * minute;

type Rules = Parameters<typeof aScene>[0];
type Fields = Parameters<Scene['task']>[0];

/** A scene with a dispatcher, and a task whose worker is at work. */
export async function atWork(
  rules: Rules = {},
  fields: Fields = {},
  workers?: Record<string, WorkerDefinitionInput>,
) {
  const scene = await aScene(rules);
  await scene.dispatcher(workers === undefined ? {} : { workers }).start();
  const taskId = await scene.task(fields);
  await scene.clock.settle();
  return { scene, taskId, worker: scene.machine.worker() };
}

/** The same, after something happened to the worker; asks for the task. */
export async function task(
  happens: (worker: FakeWorker, scene: Scene, taskId: string) => unknown,
  ...given: Parameters<typeof atWork>
) {
  const { scene, taskId, worker } = await atWork(...given);
  await happens(worker, scene, taskId);
  return { scene, id: taskId };
}

/** The same, asks for the first run. */
export async function run(...told: Parameters<typeof task>) {
  const { scene, id } = await task(...told);
  const [first] = (await scene.board.read()).runs(id);
  return { scene, id: first?.runId ?? 'R-none' };
}

/** A task alone, asked about after something happened to it. */
export async function alone(
  fields: Fields,
  happens: (scene: Scene, taskId: string) => unknown = () => {},
  rules: Rules = {},
) {
  const scene = await aScene(rules);
  const id = await scene.task(fields);
  await happens(scene, id);
  return { scene, id };
}

/** What the worker of a run says, with its token. */
export function word({ board, machine }: Scene, { runId }: FakeWorker) {
  const tokenHash = machine.tokenHashes.get(runId);
  const says = board.as(workerOf(runId));
  return {
    complete: (review = false) =>
      accepted(says.completeRun(runId, { summary: 'two coats' }, { tokenHash, review })),
    block: () =>
      accepted(says.blockRun(runId, { cause: 'needs_input', reason: 'which red?' }, { tokenHash })),
    release: () => accepted(says.releaseRun(runId, 'no brush', { tokenHash })),
  };
}

/** The worker ends by itself; some time later its dispatcher has judged that. */
export const exits =
  (status: number | NodeJS.Signals, afterMs = 2_001) =>
  async (worker: FakeWorker, { clock }: Scene) => {
    worker.exit(status);
    await clock.advance(afterMs);
  };

/** Ends the run as a dispatcher would, on evidence that this machine cannot bring about. */
export const judged =
  (end: EndRun) =>
  async ({ runId }: FakeWorker, { board }: Scene) =>
    accepted(board.as(quay).endRun(runId, end));

/** A run of another host or of a program outside, judged by a dispatcher of this host. */
export async function elsewhere(
  claim: { kind: 'worker' | 'external'; host?: string },
  isSpawned: boolean,
) {
  const scene = await aScene({ claimTtlMs: minute });
  const id = await scene.task();
  const by = scene.board.as(quay);
  const tokenHash = 'f'.repeat(64);
  const { runId } = await accepted(by.claim(id, { ...claim, tokenHash }));
  if (isSpawned) {
    const process = { pid: 7, startTime: '1', bootId: 'boot-2', host: 'host-2', nonce: 'n' };
    const place = { workspace: '/w', logPath: '/l', argv: ['x'] };
    await accepted(by.recordSpawn(runId, { ...process, ...place }, { taskId: id, tokenHash }));
  }
  await scene.dispatcher().start();
  await scene.clock.advance(minute + 2_000);
  return { scene, id: runId };
}

/** An assignee that fails alike on four tasks; asks for the first that stands so. */
export async function outage(
  isSo: (task: { status: Status; hold: string | null }) => boolean,
  rules: Rules = {},
) {
  const scene = await aScene(rules);
  const tasks: string[] = [];
  for (let n = 0; n < 8; n += 1) tasks.push(await scene.task({ assignee: 'script' }));
  await scene.dispatcher().start();
  for (let step = 0; step < 60; step += 1) {
    await liveFor(scene, 10_000, (worker) => worker.exit(1));
    const queries = await scene.board.read();
    const rows = tasks.map((id) => queries.task(id, scene.clock.nowMs()));
    const found = rows.find((row) => row !== undefined && isSo(row));
    if (found !== undefined) return { scene, id: found.taskId };
  }
  throw new Error('no task came to stand so');
}
