/**
 * A worker of the demo: measures one folder, file by file, with a heartbeat after each, and hands
 * the figures on. On TERM it stops early and tries to save what it has, as careful programs do;
 * when its run is over by then, the board refuses that.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { attachRun } from '../../../src/index.ts';
import { type FolderMeasure, type Job, parseJob } from '../job.ts';
import { measure } from '../measure.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

const run = await attachRun();
const job = parseJob((await run.task()).body);
const isFirst = run.attempt === 1;
const total = await survey(job);
const summary = `${total.files} files, ${total.lines} lines, ${total.functions} functions`;
const answer = await run.complete({ summary, metadata: { ...total } });
console.log(answer.refused ? `refused: ${answer.message}` : summary);
await run.close();

async function survey(job: Job): Promise<FolderMeasure> {
  let total: FolderMeasure = {
    folder: job.name,
    files: 0,
    lines: 0,
    functions: 0,
    todos: 0,
    longest: null,
  };
  for (const file of job.files) {
    total = add(total, file, await readFile(join(job.path, file), 'utf8'));
    const progress = total.files / job.files.length;
    const beat = await run.heartbeat({ progress, note: file });
    console.log(`${file}: ${total.lines} lines so far`);
    if (beat.refused || stop.signal.aborted) return total;
    if (isFirst && job.pauseMs > 0) await rest(job.pauseMs);
  }
  return total;
}

/** Waits, unless TERM comes first. */
async function rest(ms: number): Promise<void> {
  await pause(ms, undefined, { signal: stop.signal }).catch(() => {});
}

function add(total: FolderMeasure, file: string, text: string): FolderMeasure {
  const one = measure(file, text);
  const isLonger = one.longest !== null && one.longest.lines > (total.longest?.lines ?? 0);
  return {
    folder: total.folder,
    files: total.files + 1,
    lines: total.lines + one.lines,
    functions: total.functions + one.functions,
    todos: total.todos + one.todos,
    longest: isLonger && one.longest ? { ...one.longest, file } : total.longest,
  };
}
