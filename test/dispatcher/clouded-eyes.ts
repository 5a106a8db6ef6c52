/** Probes that see /proc wrongly, in the ways /proc can be seen wrongly. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Host } from '../../src/dispatcher/ports.ts';
import { createProbe, type Kill, type Probe } from '../../src/host/probe.ts';
import { createProcessTable } from '../../src/host/process-table.ts';

/**
 * - `sound`: all is as it is.
 * - `deny`: there is no process but its own.
 * - `deny_young`: there is none that is younger than `youngMs`.
 * - `guess`: each look fails in another way, and none of them says anything.
 */
export type Eyes =
  | { readonly they: 'sound' | 'deny' | 'guess' }
  | { readonly they: 'deny_young'; readonly youngMs: number };

/** A probe with such eyes; the rules by which it judges are the real ones. */
export function createCloudedProbe(eyes: Eyes, { bootId, processes }: Host): Probe {
  const sound = createProcessTable();
  const read = eyes.they === 'guess' ? guessing() : readText;

  function isDenied(pid: number): boolean {
    if (pid === process.pid || eyes.they !== 'deny_young') return eyes.they === 'deny';
    const sight = sound.stat(pid);
    return sight.seen && processes.ageMs({ ...sight.value, bootId }) < eyes.youngMs;
  }

  function readFile(path: string): string {
    if (isDenied(Number(path.split('/')[2]))) throw failure('ENOENT');
    return read(path);
  }

  const kill: Kill = (pid, signal) => {
    if (isDenied(pid)) throw failure('ESRCH');
    process.kill(pid, signal);
  };
  const table = createProcessTable({ readFile, readDirectory: (path) => readdirSync(path) });
  return createProbe({ table, bootId, kill });
}

/** Another trouble for each look; where there is no entry, the kernel still knows the process. */
function guessing(): () => string {
  const troubles = ['EMFILE', 'EACCES', 'EIO', 'ENOENT'].map((errno) => () => {
    throw failure(errno);
  });
  const answers = ['', '42 (sh) ?? 1 42 42', 'nonsense'].map((text) => () => text);
  const looks = [...troubles, ...answers];
  let count = 0;
  return () => {
    count += 1;
    return (looks[count % looks.length] as () => string)();
  };
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
