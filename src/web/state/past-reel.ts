/**
 * The past in the page: boards at any position, made of the nearest board before it that is kept
 * and the events since. Going on is one fold; going back is never more than a few.
 */
import { type BoardFold, createBoardFold } from './board-fold.ts';
import type { LoggedEvent } from './logged.ts';
import type { Snapshot } from './snapshot.ts';

/** Events of the log that are fetched and kept together. */
export const blockSize = 1_000;

/** A part of the log: its events in order, and the last position that it tells of. */
export interface Block {
  readonly events: readonly LoggedEvent[];
  readonly upTo: number;
}

/** A board that is kept, and its clock (UTC ms). */
export interface Keyframe {
  readonly snapshot: Snapshot;
  readonly atMs: number;
}

/** A board at a position; it may be folded on by the reel alone. */
export interface Frame {
  readonly fold: BoardFold;
  /** When its last event was recorded, UTC ms. */
  readonly atMs: number;
}

/** Boards of the past. */
export interface PastReel {
  /** The board at a position; undefined while what it takes is not at hand. */
  seek(position: number): Frame | undefined;
  /** What is missing to seek a position: the block that holds it, or the board before that. */
  missing(position: number): 'nothing' | 'events' | 'keyframe';
  keep(keyframe: Keyframe): void;
  /** Takes the block that begins after a position. */
  takeBlock(after: number, block: Block): void;
}

/** Between two boards that are kept in a block that was gone back to. */
const closeBy = 100;
/**
 * Blocks of events that are kept, the latest used: all that the slider reaches back to, since one
 * that has to be fetched again is a step that waits. A block takes about a mebibyte.
 */
const blocksMax = 200;
/** Boards kept in between, besides one for each block. */
const closeMax = 100;

/** The position after which the block begins that leads to a position. */
export function blockBefore(position: number): number {
  return Math.floor((position - 1) / blockSize) * blockSize;
}

/** A reel that has nothing yet. */
export function createPastReel(): PastReel {
  const blocks = new Map<number, Block>();
  /** By the position that their block begins after: the nearest board at or after that. */
  const bases = new Map<number, Keyframe>();
  const close = new Map<number, Keyframe>();
  let current: Frame | undefined;

  const baseOf = (position: number) => {
    const base = bases.get(blockBefore(position));
    return base !== undefined && base.snapshot.position <= position ? base : undefined;
  };

  const holds = (position: number) => {
    return (blocks.get(blockBefore(position))?.upTo ?? 0) >= position;
  };

  function missing(position: number) {
    if (current?.fold.position() === position) return 'nothing';
    if (nearest(position) === undefined) return 'keyframe';
    return holds(position) || baseOf(position)?.snapshot.position === position
      ? 'nothing'
      : 'events';
  }

  /** From where to fold: the board that is shown, if it is on the way, or the latest kept. */
  function nearest(position: number): Frame | Keyframe | undefined {
    const begin = blockBefore(position);
    const at = current?.fold.position() ?? Number.POSITIVE_INFINITY;
    let best: Frame | Keyframe | undefined = baseOf(position);
    for (let step = Math.floor(position / closeBy) * closeBy; step > begin; step -= closeBy) {
      const kept = close.get(step);
      if (kept === undefined) continue;
      best = kept;
      break;
    }
    const isOnTheWay = at <= position && at >= begin;
    return isOnTheWay && at >= positionOf(best) ? current : best;
  }

  function seek(position: number): Frame | undefined {
    if (current?.fold.position() === position) return current;
    if (missing(position) !== 'nothing') return undefined;
    const from = nearest(position);
    if (from === undefined) return undefined;
    const fold = 'fold' in from ? from.fold : createBoardFold(from.snapshot);
    current = foldTo({ fold, atMs: from.atMs }, position);
    return current;
  }

  function foldTo({ fold, atMs: before }: Frame, position: number): Frame {
    const begin = blockBefore(position);
    const block = blocks.get(begin);
    if (block !== undefined) touch(blocks, begin, block);
    let atMs = before;
    for (const event of block?.events ?? []) {
      if (event.position > position) break;
      if (event.position <= fold.position()) continue;
      fold.fold(event);
      atMs = event.recordedAtMs;
      if (event.position % closeBy === 0 && !close.has(event.position)) {
        touch(close, event.position, { snapshot: fold.snapshot(), atMs });
        shrink(close, closeMax);
      }
    }
    return { fold, atMs };
  }

  return {
    seek,
    missing,
    keep(keyframe) {
      const { position } = keyframe.snapshot;
      const begin = position % blockSize === 0 ? position : blockBefore(position);
      const known = bases.get(begin);
      if (known === undefined || known.snapshot.position > position) bases.set(begin, keyframe);
    },
    takeBlock(after, block) {
      touch(blocks, after, block);
      shrink(blocks, blocksMax);
    },
  };
}

function positionOf(from: Frame | Keyframe | undefined): number {
  if (from === undefined) return -1;
  return 'fold' in from ? from.fold.position() : from.snapshot.position;
}

/** Puts an entry last: the first ones are forgotten first. */
function touch<T>(map: Map<number, T>, key: number, value: T): void {
  map.delete(key);
  map.set(key, value);
}

function shrink(map: Map<number, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
