/** Every call to the system fails once: nothing acknowledged is lost, no promise is in vain. */
import { rmSync } from 'node:fs';
import type { Verdict } from '../disk/attack.ts';
import { checkLog } from '../disk/check-log.ts';
import { type Kind, kinds, type Point, type PointRequest, runPoints } from './points.ts';

/** What to let fail. */
export interface FaultRequest extends Omit<PointRequest, 'kind'> {
  readonly kinds?: readonly Kind[];
  readonly onPoint?: (done: number) => void;
}

/** Lets every call fail, or every `step`th, in every way. */
export async function failCalls(request: FaultRequest): Promise<Verdict> {
  const figures: Record<string, number> = { points: 0, 'acknowledged before or after': 0 };
  const broken: string[] = [];
  const count = (name: string, more = 1) => {
    figures[name] = (figures[name] ?? 0) + more;
  };
  for (const kind of request.kinds ?? (Object.keys(kinds) as Kind[])) {
    for (const point of runPoints({ ...request, kind })) {
      count('points');
      count(`points of ${kind}`);
      count('acknowledged before or after', acknowledgedIn(point).length);
      if (isUnnoticed(point)) count('faults that SQLite dealt with itself');
      for (const each of await problemsOf(point)) {
        broken.push(`${kind} at ${point.at} (${point.fault}): ${each}`);
      }
      rmSync(point.directory, { recursive: true });
      request.onPoint?.(figures['points'] ?? 0);
    }
  }
  return { figures, broken };
}

async function problemsOf(point: Point): Promise<readonly string[]> {
  const { broken, lost } = await checkLog(point.directory, acknowledgedIn(point));
  return [...broken, ...lost.map((name) => `${name} was acknowledged and is lost`), ...said(point)];
}

/** What was said that must not be said. */
function said(point: Point): readonly string[] {
  const lines = [...point.before, ...point.after];
  const stopped = lines.indexOf('refused log_stopped');
  const late = stopped < 0 ? [] : lines.slice(stopped).filter(isAcknowledged);
  const wrong = lines.filter((line) => line.startsWith('untyped') || !isFitting(point, line));
  return [...late.map((line) => `${line} after an I/O error`), ...wrong];
}

/**
 * Only an error of the disk stops a log; a disk that is full is said to be full. Where a file is
 * made, and where the index of the write-ahead log grows, SQLite tells no difference.
 */
function isFitting({ kind, fault = '' }: Point, line: string): boolean {
  if (!line.startsWith('refused')) return true;
  if (kind !== 'eio' && kind !== 'eios' && kind !== 'enospc') return false;
  const isFull = line === 'refused disk_full';
  const isUnclear = fault.startsWith('open') || fault.endsWith('-shm');
  return isUnclear || isFull === (kind === 'enospc');
}

function isUnnoticed({ kind, before, after }: Point): boolean {
  const isRefused = [...before, ...after].some((line) => line.startsWith('refused'));
  return (kind === 'eio' || kind === 'enospc') && !isRefused;
}

function acknowledgedIn({ before, after }: Point): readonly string[] {
  const lines = [...before, ...after].filter(isAcknowledged);
  return lines.map((line) => line.replace('acknowledged ', ''));
}

function isAcknowledged(line: string): boolean {
  return line.startsWith('acknowledged ');
}
