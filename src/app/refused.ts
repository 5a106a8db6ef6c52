/** Keeps stale writes that were refused: who tried what, on which run. Best effort, bounded. */
import { type Recorded, streams } from '../domain/catalogue.ts';
import type { Refusal, RefusalCode } from '../domain/refusal.ts';
import type { RefusedEvent } from '../domain/refused/events.ts';
import { refusalsPerRunMax } from '../domain/refused/events.ts';
import type { Codec } from '../log/codec.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Execute } from './execute.ts';
import type { Caller } from './plan.ts';

/** Records a refusal in the `refused-` stream of the run's task, when it is of the kind kept. */
export type RecordRefusal = (
  caller: Caller,
  refused: { runId: string; refusal: Refusal },
) => Promise<void>;

const kept: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'stale_run',
  'token_invalid',
  'not_current_run',
]);

/** The recorder over these parts. */
export function createRecordRefusal(deps: {
  execute: Execute;
  log: EventLog;
  codec: Codec;
}): RecordRefusal {
  const { execute, log, codec } = deps;

  return async (caller, { runId, refusal }) => {
    if (!kept.has(refusal.code)) return;
    // A dispatcher that comes too late to end a run was no threat to it: nothing to keep. What it
    // asks before a worker starts is another matter: this no keeps a worker from working.
    const isDispatcher = caller.actor.kind === 'dispatcher';
    if (isDispatcher && refusal.facts['attempted'] !== 'RecordSpawn') return;
    try {
      await keep(caller, runId, refusal);
    } catch {
      // The refusal is the answer, whether or not its trace could be kept.
    }
  };

  function keep(caller: Caller, runId: string, refusal: Refusal): Promise<Refusal> {
    // A command of its own, caused by the one that was refused.
    const { commandId, ...author } = caller;
    const keeper = commandId === undefined ? author : { ...author, causationId: commandId };
    return execute(keeper, async ({ loader }) => {
      const run = await loader.run(runId);
      const taskId = run.state?.opened.taskId;
      if (taskId === undefined) return refusal;
      const stream = streams.refused(taskId);
      const earlier = await readEarlier(stream, runId);
      const event = entry(caller, { runId, refusal, actualVersion: run.version }, earlier.count);
      const events = event === undefined ? [] : [event];
      const writes = [{ stream, expected: earlier.expected, events }];
      return { refused: false, writes, correlationId: runId, answer: () => refusal };
    });
  }

  /** How often the run was refused before, and the version that the count is of. */
  async function readEarlier(stream: string, runId: string) {
    const stored = await log.readStream(stream, { direction: 'backward' });
    const events = stored.map((event) => codec.decode(event) as Recorded<RefusedEvent>);
    return {
      count: events.filter((event) => event.data.runId === runId).length,
      expected: events[0]?.version ?? ('no_stream' as const),
    };
  }
}

function entry(
  caller: Caller,
  refused: { runId: string; refusal: Refusal; actualVersion: number },
  earlier: number,
): RefusedEvent | undefined {
  const { runId, refusal, actualVersion } = refused;
  if (earlier > refusalsPerRunMax) return undefined;
  if (earlier === refusalsPerRunMax) {
    return { type: 'RefusalsSummarized', data: { runId, countedFrom: refusalsPerRunMax + 1 } };
  }
  const attempted = String(refusal.facts['attempted'] ?? 'write');
  const { code, message } = refusal;
  const data = { runId, attempted, code, by: caller.actor, actualVersion, preview: message };
  return { type: 'WriteRefused', data };
}
