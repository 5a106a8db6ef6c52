/**
 * What Linux tells about processes in /proc, with every way of not knowing kept apart.
 *
 * Reads are synchronous: /proc is memory, one read takes some ten microseconds, and a decision made
 * from several reads should see them as close together as possible.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { errnoOf } from './host-error.ts';

/** The part of /proc/<pid>/stat that matters here. */
export interface ProcessStat {
  readonly pid: number;
  /** R running, S sleeping, D uninterruptible, T stopped, Z zombie, X dead … */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot. Two processes with one pid differ here, nearly always. */
  readonly startTime: number;
}

/**
 * Why something was not seen. Only `gone` says anything about the process; `withheld` is another
 * user's business or a process on its way out; `unreadable` is trouble of our own.
 */
export interface Unseen {
  readonly seen: false;
  readonly why: 'gone' | 'withheld' | 'unreadable';
  /** Such as ENOENT, EACCES, EMFILE; `empty` or `format` when the text was no answer. */
  readonly errno: string;
}

/** A look at something: what was seen, or why nothing was. */
export type Sight<T> = { readonly seen: true; readonly value: T } | Unseen;

/** The view of all processes that probing and ending need. */
export interface ProcessTable {
  stat(pid: number): Sight<ProcessStat>;
  /** The value of `LOGBOARD_NONCE` the process was started with; undefined when it has none. */
  nonce(pid: number): Sight<string | undefined>;
  pids(): Sight<readonly number[]>;
}

/** The two reads from /proc; a test puts its own in place. */
export interface ProcFiles {
  readFile(path: string): string;
  readDirectory(path: string): readonly string[];
}

/** The name under which every worker's environment carries its nonce. */
export const nonceVariable = 'LOGBOARD_NONCE';

const realFiles: ProcFiles = {
  readFile: (path) => readFileSync(path, 'utf8'),
  readDirectory: (path) => readdirSync(path),
};

/** The process table of this machine (or of the files given). */
export function createProcessTable(files: ProcFiles = realFiles): ProcessTable {
  return {
    stat: (pid) => look(() => parseStat(files.readFile(`/proc/${pid}/stat`))),
    nonce: (pid) => look(() => parseNonce(files.readFile(`/proc/${pid}/environ`))),
    pids: () => look(() => files.readDirectory('/proc').map(Number).filter(Number.isInteger)),
  };
}

/** A zombie has ended, although `kill(pid, 0)` still says it is there. */
export function hasEnded(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

/** Text that was read but is no answer; its code stands where an errno would. */
class NoAnswer extends Error {
  readonly code: 'empty' | 'format';

  constructor(code: 'empty' | 'format') {
    super(code);
    this.code = code;
  }
}

function look<T>(read: () => T): Sight<T> {
  try {
    return { seen: true, value: read() };
  } catch (error) {
    const errno = errnoOf(error) ?? 'format';
    return { seen: false, why: unseenBecause(errno), errno };
  }
}

function unseenBecause(errno: string): Unseen['why'] {
  switch (errno) {
    case 'ENOENT':
    case 'ESRCH':
      return 'gone';
    case 'EACCES':
    case 'EPERM':
    case 'empty':
      return 'withheld';
    default:
      return 'unreadable';
  }
}

/** The command name may hold blanks and parentheses: the fields begin after the last `)`. */
function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  const stat = {
    pid: Number.parseInt(text, 10),
    state,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: Number(fields[19]),
  };
  const numbers = [stat.pid, stat.parent, stat.group, stat.session, stat.startTime];
  if (!/^[A-Za-z]$/.test(state) || !numbers.every(Number.isSafeInteger)) {
    throw new NoAnswer('format');
  }
  return stat;
}

/** An empty environment is what a process shows while it is going away: it proves nothing. */
function parseNonce(environ: string): string | undefined {
  if (environ === '') {
    throw new NoAnswer('empty');
  }
  const prefix = `${nonceVariable}=`;
  return environ
    .split('\0')
    .find((entry) => entry.startsWith(prefix))
    ?.slice(prefix.length);
}
