/**
 * The HTTP doors that are open on this host, so that one board can tell where the others are: a
 * small file each, in the home directory. They hold no secret. A door whose process died without
 * goodbye is not counted, and its file goes when the next door opens.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { errnoOf } from './host-error.ts';
import type { ProcessTable } from './process-table.ts';

const noticeSchema = z.object({
  /** Absolute path of the board's directory. */
  directory: z.string(),
  /** What the board was called when the door opened. */
  name: z.string(),
  /** What to open in a browser. */
  address: z.string(),
  pid: z.number().int().positive(),
  /** Clock ticks since boot; null where nobody knows. */
  startTime: z.number().nullable(),
});

/** An open door. */
export type OpenDoorNotice = z.infer<typeof noticeSchema>;

/** What is told of a door that opens. */
export type DoorNews = Pick<OpenDoorNotice, 'directory' | 'name' | 'address'>;

/** The doors of a home directory. */
export interface OpenDoors {
  /** Tells of a door of this process; answers how to take it back. */
  announce(door: DoorNews): () => void;
  /** The open doors, in the order of their addresses. */
  list(): readonly OpenDoorNotice[];
}

/** The doors that the processes of this home directory keep open. */
export function createOpenDoors(home: string, table: Pick<ProcessTable, 'stat'>): OpenDoors {
  const directory = join(home, 'doors');
  const fileOf = (address: string) =>
    join(directory, `${createHash('sha256').update(address).digest('hex').slice(0, 16)}.json`);

  function isOpen({ pid, startTime }: OpenDoorNotice): boolean {
    const sight = table.stat(pid);
    // What cannot be looked at is believed: at the worst, a page leads nowhere.
    if (!sight.seen) return sight.why !== 'gone';
    return startTime === null || sight.value.startTime === startTime;
  }

  function notices(): readonly OpenDoorNotice[] {
    return filesIn(directory)
      .flatMap((name) => noticeIn(join(directory, name)) ?? [])
      .sort((one, other) => one.address.localeCompare(other.address));
  }

  return {
    announce(door) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      for (const each of notices()) if (!isOpen(each)) rmSync(fileOf(each.address), gone);
      const sight = table.stat(process.pid);
      const startTime = sight.seen ? sight.value.startTime : null;
      const text = `${JSON.stringify({ ...door, pid: process.pid, startTime })}\n`;
      const file = fileOf(door.address);
      const fresh = `${file}.${process.pid}`;
      writeFileSync(fresh, text, { mode: 0o600 });
      renameSync(fresh, file);
      return () => rmSync(file, gone);
    },
    list: () => notices().filter(isOpen),
  };
}

const gone = { force: true } as const;

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** What a file says; one that says nothing sensible, or has just gone, tells of no door. */
function noticeIn(file: string): OpenDoorNotice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
