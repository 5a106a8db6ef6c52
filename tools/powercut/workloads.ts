/** The workloads that are recorded, and how to record one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace, type Step, tracedCalls } from './trace.ts';

/** What each workload puts to the test. */
export const workloads = {
  append: 'one append after the other, on a new log',
  batches: 'many appends at once, of three events in three streams',
  checkpoint: 'a checkpoint after every few pages',
  reopen: 'a log that is closed and opened again',
  processes: 'three processes on one log',
  'at NORMAL': 'what must lose acknowledged events, or these images prove nothing',
} as const;

/** The name of a workload. */
export type Workload = keyof typeof workloads;

/** What to record, and where. */
export interface Recording {
  readonly workload: Workload;
  /** The workload's program: `appending-process`. */
  readonly program: string;
  /** An empty directory for the log and the trace. */
  readonly directory: string;
  /** Which sync of the workload fails with EIO, from 1; default: none. */
  readonly failingSync?: number;
}

/** Whether what records is there. */
export function canRecord(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}

/** Runs a workload under strace and tells what it did to its files. */
export function record({ workload, program, directory, failingSync }: Recording): readonly Step[] {
  const root = realpathSync(directory);
  const watched = { directory: join(root, 'board'), acksFile: join(root, 'acks') };
  const traceFile = join(root, 'trace');
  mkdirSync(watched.directory, { mode: 0o700 });
  writeFileSync(watched.acksFile, '');
  const calls = `trace=${tracedCalls.join(',')}`;
  const fault = failingSync === undefined ? [] : [`inject=fsync:error=EIO:when=${failingSync}`];
  const expressions = [calls, ...fault].flatMap((each) => ['-e', each]);
  const command = [process.execPath, program, watched.directory, watched.acksFile, workload];
  const { status, stderr } = spawnSync(
    'strace',
    [
      '-f',
      '--seccomp-bpf',
      '-xx',
      '-y',
      '-s',
      '100000',
      '-o',
      traceFile,
      ...expressions,
      ...command,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0 && failingSync === undefined)
    throw new Error(`The workload ${workload} failed: ${stderr}`);
  return readTrace(traceFile, watched);
}
