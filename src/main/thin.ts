/** Thins the beats of ended runs out of a log, beside everybody who writes to it. */
import { findThinnable, type Thinnable } from '../app/thin.ts';
import type { OnProgress, ThinReport, ThinWanted } from '../cli/upkeep.ts';
import type { EventMeta } from '../domain/event.ts';
import { codec } from '../log/codec.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { rangeSize, type Thinning } from '../log/sqlite/thin.ts';

/** Thins what can be thinned, or only counts it. */
export async function thinLog(
  log: SqliteLog,
  { endedBeforeMs, dryRun, caller, nowMs }: ThinWanted,
  newId: () => string,
  onProgress: OnProgress,
): Promise<ThinReport> {
  const { position: total } = await log.head();
  const runs = new Set<string>();
  const report = { beats: 0, ranges: 0 };
  const wanted = {
    endedBeforeMs,
    rangeSize,
    after: await log.segmentedUpTo(),
    onProgress: (done: number) => onProgress({ done, total }),
  };

  async function* thinnings(): AsyncGenerator<Thinning> {
    for await (const found of findThinnable({ log, codec }, wanted)) {
      yield { ...found, attest };
      count(found);
    }
  }

  function count(found: Thinnable): void {
    report.ranges += 1;
    for (const { runId, beats } of found.runs) {
      runs.add(runId);
      report.beats += beats.length;
    }
  }

  const commandId = newId();
  const cause = { commandId, $correlationId: commandId, $causationId: commandId };
  const meta: EventMeta = { ...caller, ...cause, at: nowMs };
  const attest: Thinning['attest'] = (data) =>
    codec.encode(newId(), { type: 'LogThinned', data }, meta);

  if (dryRun) for await (const _ of thinnings());
  else await log.thin(thinnings());
  return { ...report, runs: runs.size };
}
