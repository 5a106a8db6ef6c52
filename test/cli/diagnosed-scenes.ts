/** For every rule of the diagnostics, a real board on which it speaks. */
import type { FindingKind } from '../../src/domain/diagnostics/diagnose.ts';
import type { EndRun } from '../../src/domain/run/commands.ts';
import { accepted, refused } from '../kit/callers.ts';
import type { CommandLine } from './command-line.ts';
import { type Hands, longAgo } from './past.ts';

/** Makes trouble; answers the task that is in it. */
export type MakeTrouble = (cli: CommandLine) => Promise<string>;

const [minuteMs, hourMs] = [60_000, 3_600_000];
const crash: EndRun = {
  ...{ type: 'CrashRun', exit: { exitCode: 1 }, error: 'boom', evidence: {} },
};
const question = { cause: 'needs_input', reason: 'Which colour?' } as const;

/** A task made so long ago, and what happened to it then. */
function task(
  agoMs: number,
  fields: object,
  happen: (hands: Hands, taskId: string) => Promise<unknown> = async () => {},
): MakeTrouble {
  return (cli) =>
    longAgo(cli, agoMs, async (hands) => {
      const made = await accepted(hands.people.create({ title: 'Paint the hull', ...fields }));
      await happen(hands, made.taskId);
      return made.taskId;
    });
}

async function crashOnce({ people, fleet }: Hands, taskId: string): Promise<void> {
  // The wait after a failure is not what these stories are about.
  await people.promote(taskId, { forced: false });
  const { runId } = await accepted(fleet.claim(taskId));
  await accepted(fleet.endRun(runId, crash));
}

async function crashTwice(hands: Hands, taskId: string): Promise<void> {
  await crashOnce(hands, taskId);
  await crashOnce(hands, taskId);
}

const unlimited = { assignee: 'paint', maxRetries: 9 };

/** What happened, by the kind of finding it comes to. */
export const scenes: readonly (readonly [FindingKind, string, MakeTrouble])[] = [
  [
    'stale_running_claim',
    'a run whose lease has long been over',
    task(2 * hourMs, {}, ({ fleet }, id) => accepted(fleet.claim(id))),
  ],
  ['halted_by_breaker', 'a crash too much', task(minuteMs, { maxRetries: 1 }, crashOnce)],
  ['repeated_failures', 'two crashes of nine', task(minuteMs, unlimited, crashTwice)],
  [
    'repeated_crashes',
    'two crashes, forgiven',
    task(minuteMs, unlimited, async (hands, id) => {
      await crashTwice(hands, id);
      await accepted(hands.people.resetFailures(id));
    }),
  ],
  ['stranded_in_ready', 'nobody assigned', task(hourMs, {})],
  ['stranded_in_ready', 'no dispatcher', task(hourMs, { assignee: 'paint' })],
  [
    'stranded_in_ready',
    'a board that is paused',
    task(hourMs, {}, ({ people }) => people.changeBoard({ type: 'PauseBoard' })),
  ],
  ['assignee_not_found', 'a name misspelt', task(minuteMs, { assignee: 'pain' })],
  ['assignee_not_found', 'a name of nobody', task(minuteMs, { assignee: 'sailmaker' })],
  [
    'invalid_task_skills',
    'a skill too much',
    task(minuteMs, { assignee: 'paint', skills: ["bosun's knot", 'welding'] }),
  ],
  [
    'parent_never_done',
    'a parent in the archive',
    (cli) =>
      longAgo(cli, minuteMs, async ({ people }) => {
        const parent = await accepted(people.create({ title: 'Caulk' }));
        const child = await accepted(people.create({ title: 'Paint', parents: [parent.taskId] }));
        await accepted(people.archive(parent.taskId));
        return child.taskId;
      }),
  ],
  [
    'parent_never_done',
    'a parent that was halted',
    (cli) =>
      longAgo(cli, minuteMs, async (hands) => {
        const parent = await accepted(hands.people.create({ title: 'Caulk', maxRetries: 1 }));
        await crashOnce(hands, parent.taskId);
        const fields = { title: 'Paint', parents: [parent.taskId] };
        return (await accepted(hands.people.create(fields))).taskId;
      }),
  ],
  [
    'stuck_in_blocked',
    'a question of yesterday',
    task(25 * hourMs, {}, ({ people }, id) => accepted(people.block(id, question))),
  ],
  ['triage_unattended', 'an idea of yesterday', task(25 * hourMs, { triage: true })],
  [
    'block_unblock_cycling',
    'three rounds',
    task(hourMs, {}, async ({ people }, id) => {
      for (let round = 0; round < 3; round += 1) {
        await accepted(people.block(id, question));
        await accepted(people.unblock(id));
      }
    }),
  ],
  [
    'refused_writes',
    'a worker that does not hear',
    task(minuteMs, {}, async ({ people, fleet, worker }, id) => {
      const { runId } = await accepted(fleet.claim(id));
      await accepted(people.reclaim(id, 'it hangs'));
      for (let beat = 0; beat < 3; beat += 1) await refused(worker(runId).heartbeat(runId));
    }),
  ],
  [
    'phantom_task_reference',
    'a summary about nothing',
    task(minuteMs, {}, ({ people }, id) =>
      accepted(people.complete(id, { summary: 'see T-0000000009' })),
    ),
  ],
  [
    'phantom_task_reference',
    'work under review about nothing',
    task(minuteMs, {}, async ({ fleet }, id) => {
      const { runId } = await accepted(fleet.claim(id));
      await accepted(fleet.completeRun(runId, { result: 'T-0000000009' }, { review: true }));
    }),
  ],
];
