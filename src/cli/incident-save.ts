/** `incident save`: which part of the board is meant, and the file it goes into. */
import { resolve } from 'node:path';
import { chooseAround } from '../app/incident/choose.ts';
import { incidentLines } from '../app/incident/save.ts';
import { asStored, type Wanted } from '../app/incident/wanted.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { IncidentEnd, IncidentLine } from '../log/incident/format.ts';
import { writeIncidentFile } from '../log/incident/write.ts';
import { type IncidentWish, onWanted } from './incident-wanted.ts';
import { withProgress } from './progress.ts';
import type { BoardContext } from './verb.ts';

/** What is typed after `incident save`. */
export interface SaveOptions extends IncidentWish {
  readonly output?: string;
  readonly force?: true;
  readonly withoutText?: true;
}

/** A file that was written. */
export interface SavedIncident {
  readonly refused: false;
  readonly file: string;
  readonly bytes: number;
  readonly position: number;
  readonly tasks: readonly string[];
  readonly tasksBeside: readonly string[];
  /** Events whose text the board encrypts, and whether the file has that text, in the clear. */
  readonly encrypted: number;
  readonly withText: boolean;
  readonly end: IncidentEnd;
}

/** Most of the end of a run's output that goes into a file, in lines and characters. */
const outputLinesMax = 1_000;
const outputCharsMax = 256 * 1024;

/** Writes an incident file. Throws `UsageError` unless exactly one kind of wish is given. */
export function saveIncident(
  on: BoardContext,
  options: SaveOptions,
): Promise<SavedIncident | Refusal> {
  return onWanted(on, options, (wanted) => writeWanted(on, wanted, options));
}

async function writeWanted(
  on: BoardContext,
  { board, taskIds, around, window }: Wanted,
  options: SaveOptions,
): Promise<SavedIncident> {
  const queries = await board.read();
  const choice = await chooseAround({ log: board.log, queries, nowMs: board.nowMs() }, taskIds);
  const { position } = await board.log.head();
  const file = resolve(on.io.directory, options.output ?? defaultName(around, window));
  const policy = board.past === undefined ? (await on.config()).policy : board.policy();
  const stopped = on.io.untilStopped();
  const ending = rememberEnd();
  const withText = options.withoutText !== true;
  let encrypted = 0;
  const bytes = await withProgress(on, (tell) => {
    const lines = incidentLines({
      board: asStored(on.board, board),
      choice,
      around,
      window,
      policy,
      savedAtMs: on.io.nowMs(),
      program: on.root.version,
      withText,
      onEncrypted: () => {
        encrypted += 1;
      },
      readOutput: (runId) => outputOf(on, runId),
      onProgress: (progress) => {
        stopped.throwIfAborted();
        tell('saving', progress);
      },
    });
    return writeIncidentFile(file, ending.through(lines), { force: options.force === true });
  });
  const { whole: tasks, beside: tasksBeside } = choice;
  const text = { encrypted, withText };
  return { refused: false, file, bytes, position, tasks, tasksBeside, ...text, end: ending.end() };
}

function defaultName(around: readonly string[], window: Wanted['window']): string {
  const what = window === null ? around[0] : `${window.first}-${window.last}`;
  return `incident-${what}.jsonl`;
}

async function outputOf({ root, place }: BoardContext, runId: string) {
  const { text, cut } = await root.readRunLog(place.directory, runId, { tail: outputLinesMax });
  if (text.length <= outputCharsMax) return { text, cut };
  return { text: text.slice(-outputCharsMax).replace(/^[\uDC00-\uDFFF]/, ''), cut: true };
}

/** Lets lines through and keeps the last one. */
function rememberEnd() {
  let last: IncidentLine | undefined;
  return {
    async *through(lines: AsyncIterable<IncidentLine>): AsyncGenerator<IncidentLine> {
      for await (const line of lines) {
        last = line;
        yield line;
      }
    },
    end: () => last as IncidentEnd,
  };
}
