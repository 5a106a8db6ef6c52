/** The past that is looked at: where it stands, and what moves it. */
import { type TurningPoint, turningPoints } from '../../domain/turning-point.ts';
import type { Problem } from '../api/client.ts';
import { type Chronicle, createChronicle } from '../state/chronicle.ts';
import type { LiveBoard } from '../state/live-board.ts';
import { createPastBoard, type PastBoard } from '../state/past-board.ts';
import { blockBefore, createPastReel } from '../state/past-reel.ts';
import { type Played, playOn } from '../state/player.ts';
import type { PastSource } from './past-source.ts';
import { createLogReader } from './read-log.ts';

/** How the past is played. */
export interface PastPace {
  readonly speed: number;
  readonly skipsIdle: boolean;
  readonly stopAt: readonly TurningPoint[];
}

/** What there is to see of the past, besides its board. */
export interface PastState extends PastPace {
  /** 0 before the first board is there. */
  readonly position: number;
  /** The clock of the board, UTC ms. */
  readonly nowMs: number;
  readonly first: number;
  readonly last: number;
  /** Up to where the slider knows the log. */
  readonly knownTo: number;
  readonly isPlaying: boolean;
  /** Why playing stopped by itself. */
  readonly stopped: Played['stopped'];
  readonly problem: Problem | undefined;
}

/** The past, and its handles. */
export interface PastStore {
  readonly board: PastBoard;
  readonly chronicle: Chronicle;
  state(): PastState;
  subscribe(listener: () => void): () => void;
  /** The position that is shown, or will be once it was fetched. */
  wanted(): number;
  /** Shows the board of a position. */
  go(position: number): void;
  step(by: 1 | -1): void;
  /** Goes to the next event to stop at, or the one before. */
  turn(way: 1 | -1): void;
  toggle(): void;
  pause(): void;
  setPace(pace: Partial<PastPace>): void;
  /** Learns what has happened since. */
  readOn(): void;
}

/** What it takes. */
export interface PastParts {
  readonly live: LiveBoard;
  readonly source: PastSource;
  /** Calls back before the next picture, with a monotonic clock in ms. */
  readonly nextFrame: (callback: (monoMs: number) => void) => void;
}

/** On many boards people do something all the time: whoever wants to stop there says so. */
const stopsAtFirst = turningPoints.filter((kind) => kind !== 'human');
/** Positions that the slider reaches back to; what is older is for the command line. */
const reachMax = 200_000;
/** The longest wait while idle times are skipped, ms. */
const idleMaxMs = 400;
/** Longer stretches between two pictures do not count: the tab was away. */
const pictureMsMax = 100;

/** The past of the board that a page follows. */
export function createPastStore({ live, source, nextFrame }: PastParts): PastStore {
  const head = () => live.fold().position();
  const first = blockBefore(Math.max(1, head() - reachMax)) + 1;
  const chronicle = createChronicle(first);
  const reel = createPastReel();
  const board = createPastBoard(live, { fold: live.fold(), atMs: 0 });
  const listeners = new Set<() => void>();
  const readOn = createLogReader({ source, chronicle, reel, head, onProgress: () => change({}) });
  let wanted = 0;
  let isFetching = false;
  let state: PastState = {
    ...{ position: 0, nowMs: 0, first, last: head(), knownTo: 0 },
    ...{ speed: 10, skipsIdle: true, stopAt: stopsAtFirst },
    ...{ isPlaying: false, stopped: undefined, problem: undefined },
  };

  function change(next: Partial<PastState>): void {
    state = { ...state, ...next, last: head(), knownTo: chronicle.last() };
    for (const listener of listeners) listener();
  }

  /** Shows what is wanted by now, and fetches what that takes. */
  async function show(nowMs?: number): Promise<void> {
    if (isFetching) return;
    while (wanted !== state.position) {
      const frame = reel.seek(wanted);
      if (frame !== undefined) {
        board.show(frame);
        change({ position: wanted, nowMs: nowMs ?? frame.atMs, problem: undefined });
        return;
      }
      isFetching = true;
      const problem = await fetchFor(wanted).finally(() => {
        isFetching = false;
      });
      if (problem === undefined) continue;
      wanted = state.position;
      change({ problem, isPlaying: false });
    }
  }

  async function fetchFor(position: number): Promise<Problem | undefined> {
    const before = blockBefore(position);
    if (reel.missing(position) === 'keyframe') {
      const answer = await source.board(Math.max(1, before));
      if (answer.ok) reel.keep(answer.value);
      return answer.ok ? undefined : answer.problem;
    }
    const answer = await source.events(before);
    if (!answer.ok) return answer.problem;
    reel.takeBlock(before, answer.value);
    return answer.value.upTo < position ? beyondHead(position) : undefined;
  }

  function go(position: number): void {
    wanted = Math.min(Math.max(first, Math.round(position)), Math.max(1, head()));
    change({ isPlaying: false, stopped: undefined });
    void show();
  }

  function play(before: number): void {
    nextFrame((monoMs) => {
      if (!state.isPlaying) return;
      play(monoMs);
      // The first picture only starts the clock; while something is fetched it stands still.
      if (before === 0 || isFetching) return;
      const elapsedMs = Math.min(monoMs - before, pictureMsMax);
      const idle = state.skipsIdle ? idleMaxMs : Number.POSITIVE_INFINITY;
      const { speed, stopAt } = state;
      const pace = { speed, stopAt, idleMaxMs: idle, last: chronicle.last() };
      const { position, nowMs, stopped } = playOn(chronicle, state, elapsedMs, pace);
      const isOver = stopped !== undefined && (stopped !== 'end' || position >= head());
      wanted = position;
      if (position === state.position) change({ nowMs });
      else void show(nowMs);
      if (isOver) change({ isPlaying: false, stopped });
    });
  }

  function setPlaying(isPlaying: boolean): void {
    if (isPlaying === state.isPlaying) return;
    if (isPlaying && state.position >= head()) wanted = first;
    change({ isPlaying, stopped: undefined });
    void show();
    if (isPlaying) play(0);
  }

  return {
    board,
    chronicle,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wanted: () => wanted,
    go,
    step: (by) => go(wanted + by),
    turn(way) {
      const next = chronicle.nextTurn(wanted, state.stopAt, way);
      if (next === undefined) return go(way === 1 ? head() : first);
      go(next.position);
      change({ stopped: next.kinds.find((kind) => state.stopAt.includes(kind)) });
    },
    toggle: () => setPlaying(!state.isPlaying),
    pause: () => setPlaying(false),
    setPace: change,
    readOn: () => void readOn.readOn(),
  };
}

function beyondHead(position: number): Problem {
  const detail = `The log does not reach position ${position} yet.`;
  return { code: 'beyond_head', detail, hint: 'Go back to live.', status: 404, facts: {} };
}
