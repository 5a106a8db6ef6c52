/** Puts judgements into the log, and looks at what is answered to them. */
import type { Commands } from '../app/commands.ts';
import type { Refusal, RefusalCode } from '../domain/refusal.ts';
import type { EndRun, Excusable } from '../domain/run/commands.ts';
import { endWords, insteadOf } from './answer.ts';
import type { ExtendLease } from './judge.ts';
import type { Report } from './ports.ts';

/** What recording takes from the rest of the dispatcher. */
export interface RecordDeps {
  readonly commands: Commands;
  readonly report: Report;
}

/** When a run was judged, by its version, and what excuses its failure. */
export interface Judged extends Excusable {
  readonly judgedAt: number;
}

/**
 * Recording. That somebody was faster is told and no more; any other refusal is thrown, like
 * trouble with the log.
 */
export interface Recording {
  extendLease(action: ExtendLease): Promise<void>;
  /** Ends a run; as a crash, when the log does not take the end as it is. */
  recordEnd(runId: string, end: EndRun, judged: Judged): Promise<void>;
}

/** Refusals that mean: somebody was faster, and the next look shows what is left to do. */
const overtaken: ReadonlySet<RefusalCode> = new Set([
  'no_such_run',
  'no_such_task',
  'not_current_run',
  'run_moved',
  'stale_run',
]);

/** Makes the two. */
export function createRecord({ commands, report }: RecordDeps): Recording {
  async function extendLease({ taskId, runId, leaseMs: ttlMs, reason, evidence }: ExtendLease) {
    const answer = await commands.extendLease(taskId, { runId, ttlMs, reason, evidence });
    if (answer.refused) standBack(runId, answer);
  }

  async function recordEnd(
    runId: string,
    end: EndRun,
    { judgedAt, excuse }: Judged,
  ): Promise<void> {
    const answer = await commands.endRun(runId, end, judgedAt, { excuse });
    if (!answer.refused) {
      const because = endWords(end);
      report('judged', { runId, taskId: answer.taskId, end: end.type, because });
      return;
    }
    if (answer.code !== 'invalid' || end.type === 'CrashRun') return standBack(runId, answer);
    // It would be refused for ever, and the run would never be over.
    await recordEnd(runId, insteadOf(end, answer), { judgedAt });
  }

  /** Throws what may come out otherwise when it is tried again, after a wait. */
  function standBack(runId: string, { code, message }: Refusal): void {
    if (!overtaken.has(code)) throw new Error(`the board refused it: ${code}: ${message}`);
    report('refused', { runId, code, message });
  }

  return { extendLease, recordEnd };
}
