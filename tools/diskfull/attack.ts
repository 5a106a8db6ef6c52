/** The disk is full: refusals say so, nothing acknowledged is lost, and with room all goes on. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Verdict } from '../disk/attack.ts';
import { createChance } from '../trial/chance.ts';
import type { LevelReport } from './level.ts';

/** Which levels to try, and with what. */
export interface FullDiskRequest {
  /** Levels of free space, spread from nothing to as much as is not used up. */
  readonly levels: number;
  readonly seed: number;
  /** The workload's program: `filling-process`. */
  readonly program: string;
  /** An empty directory, on which the small file system is mounted. */
  readonly directory: string;
}

const fileSystemBytes = 2 * 1024 * 1024;
const freeBytesMax = 1024 * 1024;

/** In a namespace of its own, the shell mounts, and then becomes the command. */
const mounting = 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"';

/** Whether this process may mount a file system for itself; nobody else sees it. */
export function canMount(): boolean {
  return inSmallFileSystem(tmpdir(), ['true']).status === 0;
}

/** Tries each level, all of them on one small file system. */
export async function fillDisk(request: FullDiskRequest): Promise<Verdict> {
  const { levels, seed, program, directory } = request;
  const chance = createChance(seed);
  const freeBytes = Array.from({ length: levels }, (_, index) =>
    Math.floor(((index + chance.float()) * freeBytesMax) / levels),
  );
  const command = [process.execPath, program, directory, ...freeBytes.map(String)];
  const { stdout, stderr, status } = inSmallFileSystem(directory, command);
  if (status !== 0) throw new Error(`The workload failed: ${stderr}`);
  const reports = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LevelReport);
  const sum = (of: (report: LevelReport) => number) =>
    reports.map(of).reduce((total, each) => total + each, 0);
  return {
    figures: {
      levels: reports.length,
      'levels at which something was refused': sum(({ refused }) => Math.min(refused, 1)),
      'levels at which nothing could be opened': sum((report) => Number(report.refusedAtOpening)),
      'appends acknowledged': sum(({ acknowledged }) => acknowledged),
      'appends refused': sum(({ refused }) => refused),
    },
    broken: reports.flatMap((report) =>
      report.broken.map((each) => `with ${report.freeBytes} bytes free: ${each}`),
    ),
  };
}

function inSmallFileSystem(directory: string, command: readonly string[]) {
  const isRoot = process.geteuid?.() === 0;
  mkdirSync(directory, { recursive: true });
  const shell = ['sh', '-c', mounting, 'sh', String(fileSystemBytes), directory, ...command];
  return spawnSync('unshare', [isRoot ? '-m' : '-Urm', ...shell], { encoding: 'utf8' });
}
