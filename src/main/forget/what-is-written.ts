/** What is written about a task: which of it is encrypted, and where else than in the log it is. */
import type { Board } from '../../app/board.ts';
import { contentsToldIn } from '../../dispatcher/kept-comments.ts';
import { type EventType, streams } from '../../domain/catalogue.ts';
import type { EventMeta } from '../../domain/event.ts';
import { personalFields } from '../../domain/personal.ts';
import type { HandOff } from '../../domain/task/events.ts';
import { codec } from '../../log/codec.ts';
import type { StoredEvent } from '../../log/event-log.ts';
import { pagesOf, pagesOfStream } from '../../log/pages.ts';
import { isSealed, presentFields } from '../../log/sealing/envelope.ts';
import type { HandedIn } from './handed-in.ts';

/** The runs of a task, by id. */
export async function runsOf(board: Board, taskId: string): Promise<readonly string[]> {
  const queries = await board.read();
  return queries.runs(taskId).map(({ runId }) => runId);
}

/** How many events about a task carry text that is not encrypted. */
export async function plainTexts(board: Board, taskId: string): Promise<number> {
  let count = 0;
  for (const stream of await streamsOf(board, taskId)) {
    const pages = pagesOfStream(board.log, stream, { asStored: true });
    for await (const page of pages) count += page.filter(isPlainText).length;
  }
  return count;
}

/** The contents of the task's artifacts, by hash, that no other task has among its own. */
export async function ownArtifacts(
  board: Board,
  taskId: string,
  handedIn: HandedIn,
): Promise<readonly string[]> {
  const own = new Set(handedIn.own);
  const ofTask = new Set(await streamsOf(board, taskId));
  for (const stream of ofTask) {
    for await (const page of pagesOfStream(board.log, stream)) collect(page, own);
  }
  if (own.size === 0) return [];
  const others = new Set(handedIn.others);
  for await (const page of pagesOf(board.log)) {
    collect(
      page.filter(({ stream }) => !ofTask.has(stream)),
      others,
    );
  }
  return [...own].filter((sha256) => !others.has(sha256));
}

async function streamsOf(board: Board, taskId: string): Promise<readonly string[]> {
  const runs = await runsOf(board, taskId);
  const about = [streams.task(taskId), streams.note(taskId), streams.refused(taskId)];
  return [...about, ...runs.map(streams.run)];
}

function isPlainText(event: StoredEvent): boolean {
  if (isSealed(event)) return false;
  const fields = personalFields[event.type as EventType];
  return Object.keys(presentFields(JSON.parse(event.data), fields)).length > 0;
}

function collect(events: readonly StoredEvent[], into: Set<string>): void {
  for (const stored of events) {
    for (const sha256 of contentsNamedIn(stored)) into.add(sha256);
  }
}

/** Words of a hand-off, or of a dispatcher that kept what a worker left; of nobody else. */
function contentsNamedIn(stored: StoredEvent): readonly string[] {
  if (stored.type === 'CommentAdded') {
    const { actor } = JSON.parse(stored.meta) as EventMeta;
    if (actor.kind !== 'dispatcher') return [];
    return contentsToldIn((codec.decode(stored).data as { body: string }).body);
  }
  if (!stored.data.includes('"artifacts"')) return [];
  const { artifacts = [] } = codec.decode(stored).data as HandOff;
  return artifacts.map(({ sha256 }) => sha256);
}
