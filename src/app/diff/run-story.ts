/** Everything the log and the tables know of one attempt, for whoever compares it with another. */
import type { Queries } from '../../../projections/index.ts';
import type { RefusedRow } from '../../../projections/refused/refused.ts';
import type { RunRow } from '../../../projections/runs/row.ts';
import { type Recorded, streams } from '../../domain/catalogue.ts';
import type { RunPolicy } from '../../domain/policy.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { codec } from '../../log/codec.ts';
import type { LogReader } from '../../log/event-log.ts';
import { pagesOfStream } from '../../log/pages.ts';

/** One attempt, whole. */
export interface RunStory {
  readonly refused?: never;
  readonly run: RunRow;
  /** What its worker said with its beats, in order, each thing once while it stayed the same. */
  readonly notes: readonly string[];
  /** The policy it was claimed under; undefined for a run that only keeps a hand-off. */
  readonly policy: RunPolicy | undefined;
  readonly leaseExtensions: number;
  readonly refusals: readonly RefusedRow[];
  /** Comments it wrote on its task. */
  readonly comments: readonly string[];
}

/** The story of a run. Refused with `no_such_run`. */
export async function runStory(
  log: LogReader,
  queries: Queries,
  runId: string,
): Promise<RunStory | Refusal> {
  const run = queries.run(runId);
  if (run === undefined) {
    return refuse('no_such_run', `There is no run ${runId}.`, {
      hint: 'List the runs of a task with `logboard runs <task>`.',
      facts: { runId },
    });
  }
  const own = await eventsOf(log, streams.run(runId));
  const ofTask = await eventsOf(log, streams.task(run.taskId));
  const said = own.flatMap((event) => {
    return event.type === 'HeartbeatRecorded' ? (event.data.note ?? []) : [];
  });
  return {
    run,
    notes: said.filter((note, index) => note !== said[index - 1]),
    policy: policyOf(ofTask, runId),
    leaseExtensions: ofTask.filter((event) => isExtensionOf(event, runId)).length,
    refusals: queries.refused({ runId }),
    comments: queries.comments(run.taskId).flatMap((row) => (row.runId === runId ? row.body : [])),
  };
}

function policyOf(events: readonly Recorded[], runId: string): RunPolicy | undefined {
  for (const event of events) {
    if (event.type === 'TaskClaimed' && event.data.runId === runId) return event.data.policy;
  }
  return undefined;
}

function isExtensionOf(event: Recorded, runId: string): boolean {
  return event.type === 'LeaseExtended' && event.data.runId === runId;
}

async function eventsOf(log: LogReader, stream: string): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  for await (const page of pagesOfStream(log, stream)) events.push(...page.map(codec.decode));
  return events;
}
