/**
 * Copies a log to another place as it is: ids, versions, order, times and positions.
 *
 * The chain of hashes covers all of these, and the target computes its own. So a head that is the
 * same on both sides proves a copy, and the beginning of one that was broken off.
 */
import type { CopiedEvent } from '../copied.ts';
import type { EventLog, LogHead, Position, StoredEvent } from '../event-log.ts';
import { type Part, pagesOf, pagesOfStream } from '../pages.ts';
import { isSealed } from '../sealing/envelope.ts';
import { unpackBeatsOrNone } from '../thinned-beats.ts';
import { notEqual, sealedAt, targetDiffers, thinnedSince } from './faults.ts';

/** Where a log is copied to. */
export interface CopyTarget {
  /** The place, for people. */
  readonly label: string;
  /** The last event that is there, with its hash; position 0 where there is none. */
  head(): Promise<LogHead>;
  /** Whether there is an event at a position. */
  has(position: Position): Promise<boolean>;
  /** Adds events in their order. Rejects with a fault of the log; what was added stays. */
  add(events: readonly CopiedEvent[]): Promise<void>;
  /** Verifies what is there; answers its last event. */
  verify(onProgress: OnProgress): Promise<LogHead>;
  /** Makes it a board that can be opened. */
  publish(): Promise<void>;
  close(): Promise<void>;
}

/** How far one stage is. */
export type OnProgress = (progress: { readonly done: number; readonly total: number }) => void;

/** Hears how far each stage is. */
export type OnStage = (stage: CopyStage, ...progress: Parameters<OnProgress>) => void;

/** What is done one after the other. */
export type CopyStage = 'looking' | 'copying' | 'verifying';

/** A copy that is complete. */
export interface CopiedLog {
  /** The last event that was copied, the same on both sides. */
  readonly head: LogHead;
  /** The last event that was there before. */
  readonly from: Position;
  /** How far the source had come when the copy was complete. */
  readonly sourceAt: Position;
}

/** Events that are read and written at a time. */
const pageSize = 500;

/**
 * Copies what the source holds now, behind what is at the target already. Rejects with
 * `LogUnavailable` (`copy_…`) when the two do not fit, or when it is not to be copied; nothing was
 * written then.
 */
export async function copyLog(
  source: EventLog,
  target: CopyTarget,
  onStage: OnStage,
): Promise<CopiedLog> {
  const end = await source.head();
  const base = await target.head();
  await refuseOther(source, target.label, base);
  const isThinned = await lookForThinning(source, target, base.position);
  const told = (stage: CopyStage) => (done: Position) =>
    onStage(stage, { done, total: end.position });
  const part = { after: base.position, upTo: end.position, asStored: true };
  await refuseSealed(source, part, told('looking'));
  let last = base.position;
  for await (const page of pagesOf(source, { ...part, pageSize })) {
    await target.add(await withGaps(source, page, { last, isThinned }));
    last = page.at(-1)!.position;
    told('copying')(last);
  }
  const head = await target.verify((progress) => onStage('verifying', progress));
  const wanted = await source.hashAt(head.position);
  const isWhole = head.position >= end.position;
  if (!isWhole || (wanted ?? '') !== head.hash) throw notEqual(target.label, head.position);
  await target.publish();
  return { head, from: base.position, sourceAt: (await source.head()).position };
}

/** Before anything is written: half a board is of no use. */
async function refuseSealed(
  source: EventLog,
  part: Part,
  onPosition: (position: Position) => void,
) {
  for await (const page of pagesOf(source, part)) {
    const sealed = page.find(isSealed);
    if (sealed !== undefined) throw sealedAt(sealed.position);
    onPosition(page.at(-1)!.position);
  }
}

async function refuseOther(source: EventLog, label: string, base: LogHead): Promise<void> {
  if (base.position === 0 || (await source.hashAt(base.position)) === base.hash) return;
  const { position } = await source.head();
  const found =
    base.position > position
      ? `it goes on to position ${base.position}, the board to ${position}`
      : `at position ${base.position} or before, it has another event`;
  throw targetDiffers(label, found);
}

/** Whether beats were thinned out of the source; rejects while the target still has any of them. */
async function lookForThinning(
  source: EventLog,
  target: CopyTarget,
  base: Position,
): Promise<boolean> {
  let isThinned = false;
  for await (const page of pagesOfStream(source, 'board')) {
    for (const { type, position, data } of page) {
      if (type !== 'LogThinned') continue;
      isThinned = true;
      const { beats } = JSON.parse(data) as { beats: string };
      const left = position > base ? await firstLeft(target, beats, base) : undefined;
      if (left !== undefined) throw thinnedSince(target.label, left);
    }
  }
  return isThinned;
}

/** The first of the beats that the target still has. */
async function firstLeft(target: CopyTarget, packed: string, base: Position) {
  const beats = unpackBeatsOrNone(packed).flatMap((run) => run.beats);
  for (const { position } of beats) {
    if (position <= base && (await target.has(position))) return position;
  }
  return undefined;
}

/** Events with what the gaps in front of them leave behind. Only beats of runs are ever thinned. */
async function withGaps(
  source: EventLog,
  page: readonly StoredEvent[],
  { last, isThinned }: { readonly last: Position; readonly isThinned: boolean },
): Promise<readonly CopiedEvent[]> {
  if (!isThinned) return page;
  const copied: CopiedEvent[] = [];
  for (const [index, event] of page.entries()) {
    const { position, stream, version } = event;
    const isBehindGap = position > (page[index - 1]?.position ?? last) + 1;
    const before = isBehindGap ? await source.hashBefore(position) : undefined;
    const mayHaveGap = stream.startsWith('run-') && version > 0;
    const behind = mayHaveGap ? await versionBefore(source, event) : version - 1;
    copied.push({ ...event, before, ...(behind < version - 1 ? { behind } : {}) });
  }
  return copied;
}

async function versionBefore(source: EventLog, { stream, version }: StoredEvent) {
  const page = { from: version - 1, direction: 'backward', limit: 1, asStored: true } as const;
  const [found] = await source.readStream(stream, page);
  return found?.version ?? -1;
}
