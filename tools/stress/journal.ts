/**
 * What a process did to tasks, and when: a line before each deed and a line after it, on disk at
 * once, so that one that is killed leaves a deed without an answer.
 */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Refusal } from '../../src/domain/refusal.ts';
import type { Answer, Answered, Deed } from './claim-model.ts';
import type { Timed } from './linearize.ts';

/** What anybody did to tasks. */
export type Deeds = readonly Timed<Answered>[];

/** The journal of one process. */
export interface Journal {
  /** Does the deed and answers what the board said to it. */
  record(deed: Deed, act: () => Promise<{ readonly refused: false } | Refusal>): Promise<Answer>;
  close(): void;
}

/**
 * A line; `atNs` is by the machine's monotonic clock, which all its processes share, and `atMs` by
 * its wall clock, UTC.
 */
type Line = { readonly id: number; readonly atNs: string; readonly atMs: number } & (
  | { readonly deed: Deed }
  | { readonly answer: Answer }
);

const suffix = '.deeds.jsonl';

/** Opens the journal of the process called `name`. */
export function openJournal(directory: string, name: string): Journal {
  const file = openSync(join(directory, `${name}${suffix}`), 'a');
  const write = (line: Line) => writeSync(file, `${JSON.stringify(line)}\n`);
  const now = () => ({ atNs: process.hrtime.bigint().toString(), atMs: Date.now() });
  let count = 0;
  return {
    async record(deed, act) {
      count += 1;
      const id = count;
      write({ id, ...now(), deed });
      const said = await act();
      const answeredAt = now();
      const answer = said.refused ? said.code : 'accepted';
      write({ id, ...answeredAt, answer });
      return answer;
    },
    close: () => closeSync(file),
  };
}

/** Reads all journals of a directory. */
export function readJournals(directory: string): Deeds {
  const files = readdirSync(directory).filter((name) => name.endsWith(suffix));
  return files.flatMap((name) => readJournal(join(directory, name)));
}

function readJournal(path: string): Deeds {
  const deeds = new Map<number, Timed<Answered>>();
  for (const text of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as Line;
    const atNs = BigInt(line.atNs);
    if ('deed' in line) {
      const unanswered = { answer: undefined, answeredAtMs: undefined };
      const operation = { ...line.deed, askedAtMs: line.atMs, ...unanswered };
      deeds.set(line.id, { operation, invokedAtNs: atNs, answeredAtNs: undefined });
    } else {
      const deed = deeds.get(line.id);
      if (deed === undefined) throw new Error(`${path} has an answer that nobody asked for.`);
      const operation = { ...deed.operation, answer: line.answer, answeredAtMs: line.atMs };
      deeds.set(line.id, { ...deed, operation, answeredAtNs: atNs });
    }
  }
  return [...deeds.values()];
}
