/**
 * What strace saw of a directory: the changes to its files, the syncs, and the acknowledgements, in
 * the order in which they happened.
 *
 * A sync makes durable what was written before it *began*; with several processes, writes of others
 * fall between its beginning and its end. An acknowledgement counts from its beginning.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** A change to one file: bytes at a place, or a new length. */
export type Change =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

/** Something that happened, as the disk or the outside saw it. */
export type Step =
  | { readonly kind: 'change'; readonly file: string; readonly change: Change }
  | { readonly kind: 'create'; readonly file: string }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'rename'; readonly file: string; readonly to: string }
  /** `file` is '' for the directory itself; `began` counts the steps there were before it began. */
  | {
      readonly kind: 'sync';
      readonly file: string;
      readonly began: number;
      readonly failed: boolean;
    }
  | { readonly kind: 'acknowledge'; readonly name: string };

/** The system calls that matter here, for strace's `-e trace=`. */
export const tracedCalls = [
  'pwrite64',
  'write',
  'fsync',
  'fdatasync',
  'ftruncate',
  'openat',
  'unlink',
  'rename',
] as const;

/** Where the workload worked, and the file into which it wrote what was acknowledged. */
export interface Watched {
  readonly directory: string;
  readonly acksFile: string;
}

interface Call {
  readonly name: string;
  readonly text: string;
  /** Steps there were when it began. */
  readonly began: number;
}

/** Reads a trace written by `strace -f -xx -y`. */
export function readTrace(traceFile: string, watched: Watched): readonly Step[] {
  const steps: Step[] = [];
  const pending = new Map<string, Call>();
  for (const line of readFileSync(traceFile, 'latin1').split('\n')) {
    const [, pid = '', said = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(said);
    const call = resumed === null ? callOf(said, steps.length) : pending.get(pid);
    if (call === undefined) continue;
    const text = call.text + (resumed?.[1] ?? '');
    if (text.endsWith(UNFINISHED)) {
      pending.set(pid, { ...call, text: text.slice(0, -UNFINISHED.length) });
    }
    if (resumed === null) steps.push(...acknowledged(call, watched));
    if (!text.endsWith(UNFINISHED)) steps.push(...stepsOf({ ...call, text }, watched));
  }
  return steps;
}

const UNFINISHED = ' <unfinished ...>';

function callOf(said: string, began: number): Call | undefined {
  const [, name, text] = /^(\w+)\((.*)$/.exec(said) ?? [];
  return name === undefined || text === undefined ? undefined : { name, text, began };
}

function acknowledged({ name, text }: Call, { acksFile }: Watched): readonly Step[] {
  if (name !== 'write' || pathOfDescriptor(text) !== acksFile) return [];
  const said = bytesOf(text).toString().trimEnd().split('\n');
  return said.map((each) => ({ kind: 'acknowledge', name: each }));
}

function stepsOf(call: Call, watched: Watched): readonly Step[] {
  const result = Number(/\) += (-?\d+)/.exec(call.text)?.[1]);
  const isSync = call.name === 'fsync' || call.name === 'fdatasync';
  if (result < 0 && !isSync) return [];
  const inside = (path: string | undefined) => nameInside(path, watched.directory);
  const [first, second] = textsOf(call.text);
  if (call.name === 'openat') return opened(call.text, inside(first));
  if (call.name === 'unlink') return about(inside(first), (file) => ({ kind: 'remove', file }));
  if (call.name === 'rename') {
    const to = inside(second) ?? '';
    return about(inside(first), (file) => ({ kind: 'rename', file, to }));
  }
  const file = inside(pathOfDescriptor(call.text));
  if (isSync) {
    const { began } = call;
    return about(file, (synced) => ({ kind: 'sync', file: synced, began, failed: result < 0 }));
  }
  return about(file, (changed) => ({
    kind: 'change',
    file: changed,
    change: changeOf(call, result),
  }));
}

function about(file: string | undefined, step: (file: string) => Step): readonly Step[] {
  return file === undefined ? [] : [step(file)];
}

function opened(text: string, file: string | undefined): readonly Step[] {
  if (file === undefined) return [];
  const steps: Step[] = [];
  if (text.includes('O_CREAT')) steps.push({ kind: 'create', file });
  if (text.includes('O_TRUNC')) {
    steps.push({ kind: 'change', file, change: { kind: 'truncate', size: 0 } });
  }
  return steps;
}

function changeOf({ name, text }: Call, result: number): Change {
  if (name === 'write') throw new Error(`A write without a place: ${text.slice(0, 200)}`);
  const last = Number(/, (\d+)\) += /.exec(text)?.[1]);
  if (name === 'ftruncate') return { kind: 'truncate', size: last };
  return { kind: 'write', at: last, bytes: bytesOf(text).subarray(0, result) };
}

/** The name of a file in the directory; '' for the directory, undefined for what lies elsewhere. */
function nameInside(path: string | undefined, directory: string): string | undefined {
  if (path === directory) return '';
  if (path === undefined || dirname(path) !== directory) return undefined;
  // The index of the write-ahead log is made anew after every crash.
  return path.endsWith('-shm') ? undefined : basename(path);
}

function pathOfDescriptor(text: string): string | undefined {
  const [, hex] = /^\d+<([^>]*)>/.exec(text) ?? [];
  return hex === undefined ? undefined : decode(hex).toString();
}

function textsOf(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"/g)].map(([, hex]) => decode(hex ?? '').toString());
}

function bytesOf(text: string): Buffer {
  return decode(/"([^"]*)"/.exec(text)?.[1] ?? '');
}

/** `\x61\x62` as bytes. */
function decode(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}
