/** Reads the log through once, so that the slider knows it and boards are kept along the way. */
import { createBoardFold } from '../state/board-fold.ts';
import type { Chronicle } from '../state/chronicle.ts';
import { blockBefore, blockSize, type PastReel } from '../state/past-reel.ts';
import type { PastSource } from './past-source.ts';

/** What reading takes. */
export interface Reading {
  readonly source: PastSource;
  readonly chronicle: Chronicle;
  readonly reel: PastReel;
  /** The last position there is. */
  readonly head: () => number;
  /** More was read. */
  readonly onProgress: () => void;
}

/** A reader that goes on to the head whenever it is called; one round at a time. */
export function createLogReader({ source, chronicle, reel, head, onProgress }: Reading) {
  let fold: ReturnType<typeof createBoardFold> | undefined;
  let isReading = false;

  async function readOn(): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      fold ??= await begin();
      while (fold !== undefined && chronicle.last() < head()) {
        if (!(await readBlock(fold))) return;
        onProgress();
      }
    } finally {
      isReading = false;
    }
  }

  async function begin() {
    const answer = await source.board(Math.max(1, chronicle.first - 1));
    if (!answer.ok) return undefined;
    reel.keep(answer.value);
    return createBoardFold(answer.value.snapshot);
  }

  /** False when there was nothing more to be had. */
  async function readBlock(board: NonNullable<typeof fold>): Promise<boolean> {
    const before = chronicle.last();
    const after = blockBefore(before + 1);
    const answer = await source.events(after);
    if (!answer.ok) return false;
    reel.takeBlock(after, answer.value);
    for (const event of answer.value.events) {
      chronicle.add(event);
      board.fold(event);
      if (event.position % blockSize === 0) {
        reel.keep({ snapshot: board.snapshot(), atMs: chronicle.atMs(event.position) });
      }
    }
    return chronicle.last() > before;
  }

  return { readOn };
}
