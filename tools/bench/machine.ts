/**
 * The machine under the figures. Two cores are not two cores: the same commit came out at half the
 * rates on another day's machine. What a program cannot help stands beside what it did.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { withDirectory } from '../trial/scratch.ts';
import { median, monotonicMs, ms } from './measure.ts';

const starts = 9;
const syncs = 500;
/** A page of SQLite's. */
const page = Buffer.alloc(4_096, 1);

/** What the machine is, and how fast it is at what no board can avoid. */
export interface MachineFigures {
  readonly cpus: number;
  readonly model: string | undefined;
  readonly memoryBytes: number;
  /** From `node -e 0` to its end: processor speed, as a program meets it. */
  readonly nodeStartMs: number;
  /** Writing a page of 4 KiB to a file that has it, and syncing: what a commit cannot go below. */
  readonly syncedWriteMs: number;
}

/** Names a file of certificates besides Node's own, all of which Node 20 parses at every start. */
const extraCertificates = 'NODE_EXTRA_CA_CERTS';

/**
 * Leaves such certificates out of whatever is started from now on, and says so; undefined when
 * there are none. A company's machine has them for the world outside, where nothing goes that is
 * measured; and they take longer than Node itself.
 */
export function leaveOutCertificates(): string | undefined {
  if (process.env[extraCertificates] === undefined) return undefined;
  const withThem = nodeStart();
  delete process.env[extraCertificates];
  const without = `${extraCertificates} is left out: node starts in ${ms(nodeStart())}`;
  return `${without} without it, in ${ms(withThem)} with it`;
}

/** What the processors of this machine did since it booted, in ticks. */
interface ProcessorTime {
  readonly wanted: number;
  readonly stolen: number;
}

/**
 * Watches from now on for how much of the time in which this machine wanted a processor its host
 * had given that to another machine: the field `steal` of /proc/stat (proc_stat(5)). Linux only;
 * 0 on a machine of its own. The answer is a share, from 0 to 1.
 */
export function watchStolen(): () => number {
  const before = processorTime();
  return () => {
    const now = processorTime();
    return (now.stolen - before.stolen) / Math.max(1, now.wanted - before.wanted);
  };
}

function processorTime(): ProcessorTime {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = ticks;
  return { wanted: user + nice + system + irq + softirq + stolen, stolen };
}

/** Measures the machine: about a second. */
export async function measureMachine(): Promise<MachineFigures> {
  const models = cpus();
  return {
    cpus: models.length,
    model: models[0]?.model,
    memoryBytes: totalmem(),
    nodeStartMs: nodeStart(),
    syncedWriteMs: await withDirectory('bench-machine', timeSyncs),
  };
}

/** The machine in a line, to be read with the table. */
export function describeMachine({ cpus, model, ...figures }: MachineFigures): string {
  const syncMicros = Math.round(figures.syncedWriteMs * 1_000);
  const start = `node starts in ${ms(figures.nodeStartMs)}`;
  return `Machine: ${cpus} × ${model}, ${start}, a synced write takes ${syncMicros} µs`;
}

/** Wall time of a Node process from its start to its end, in ms. Throws when it fails. */
export function timeNode(args: readonly string[]): number {
  return timed(() => {
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  });
}

function nodeStart(): number {
  return medianTime(starts, () => timeNode(['-e', '0']));
}

async function timeSyncs(directory: string): Promise<number> {
  const file = openSync(join(directory, 'page'), 'w');
  const write = () => {
    writeSync(file, page, 0, page.length, 0);
    fsyncSync(file);
  };
  write();
  const tookMs = medianTime(syncs, () => timed(write));
  closeSync(file);
  return tookMs;
}

function medianTime(count: number, once: () => number): number {
  return median(Array.from({ length: count }, once));
}

function timed(work: () => void): number {
  const startedMs = monotonicMs();
  work();
  return monotonicMs() - startedMs;
}
