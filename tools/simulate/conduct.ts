/** How a worker behaves, drawn before it starts. */
import type { Chance } from '../trial/chance.ts';

/** What a worker says when it answers. */
export type Word = 'complete' | 'review' | 'block' | 'release';

/** How a worker ends. */
export type Ending =
  | { readonly by: 'answer' | 'answer_in_flight'; readonly word: Word }
  | { readonly by: 'exit'; readonly code: number }
  | { readonly by: 'signal' | 'vanish' | 'hang' };

interface Interval {
  readonly afterMs: number;
  readonly forMs: number;
}

/** Everything a worker will do. */
export interface Conduct {
  readonly workMs: number;
  /** Undefined: it never beats. */
  readonly beatEveryMs: number | undefined;
  /** Its beats bring news, and so are never left out. */
  readonly hasNews: boolean;
  readonly prints: boolean;
  readonly ending: Ending;
  /** Stops when it is told that its run is over. */
  readonly heedsRefusals: boolean;
  /** How often it gives its answer again. */
  readonly repeats: number;
  /** How long it stays after its answer. */
  readonly lingerMs: number;
  readonly ignoresTerm: boolean;
  /** Somebody stops it, and lets it go on. */
  readonly pause: Interval | undefined;
  /** It cannot even be killed for a while. */
  readonly hang: Interval | undefined;
  /** A child with a session of its own, that outlives it. */
  readonly descendant: { readonly forMs: number; readonly ignoresTerm: boolean } | undefined;
}

/** For whom to draw. */
export interface Employment {
  readonly assignee: string;
  readonly attempt: number;
  /** In fair weather everybody does his work. */
  readonly isFoul: boolean;
  readonly leaseMs: number;
}

/** Attempts after which a worker that keeps giving back does its work. */
const patience = 4;

/** Draws how a worker will behave. */
export function drawConduct(chance: Chance, employment: Employment): Conduct {
  const { assignee, attempt, isFoul, leaseMs } = employment;
  const isOdd = (probability: number) => isFoul && chance.happens(probability);
  const interval = (forMsMax: number): Interval => ({
    afterMs: chance.between(0, 4_000),
    forMs: chance.between(100, forMsMax),
  });
  const ending = isFoul ? drawEnding(chance, assignee, attempt) : plainEnding(assignee);
  return {
    workMs: isOdd(0.15) ? chance.between(0, 3 * leaseMs) : chance.between(0, 4_000),
    beatEveryMs: chance.happens(0.5) ? chance.between(300, 3_000) : undefined,
    hasNews: chance.happens(0.5),
    prints: chance.happens(0.5),
    ending,
    heedsRefusals: !isOdd(0.2),
    repeats: isOdd(0.05) ? chance.whole(1, 25) : 0,
    lingerMs: isOdd(0.15) ? chance.between(0, 8_000) : chance.between(0, 20),
    ignoresTerm: isOdd(0.1),
    pause: isOdd(0.15) ? interval(3 * leaseMs) : undefined,
    hang: isOdd(0.05) ? interval(5_000) : undefined,
    descendant: isOdd(0.1)
      ? { forMs: chance.between(10, 10_000), ignoresTerm: chance.happens(0.3) }
      : undefined,
  };
}

function plainEnding(assignee: string): Ending {
  return assignee === 'script' ? { by: 'exit', code: 0 } : { by: 'answer', word: 'complete' };
}

function drawEnding(chance: Chance, assignee: string, attempt: number): Ending {
  const exit = (code: number): Ending => ({ by: 'exit', code });
  if (assignee === 'script') {
    const kind = chance.weighted({ done: 60, failed: 15, later: 10, killed: 5, vanished: 10 });
    if (kind === 'killed') return { by: 'signal' };
    if (kind === 'vanished') return { by: 'vanish' };
    if (kind === 'later' && attempt < patience) return exit(75);
    return exit(kind === 'failed' ? 1 : 0);
  }
  const kind = chance.weighted({
    complete: 40,
    in_flight: 8,
    review: 4,
    block: 4,
    release: 6,
    silent: 5,
    failed: 8,
    later: 4,
    signal: 5,
    vanish: 8,
    hang: 8,
  });
  switch (kind) {
    case 'complete':
    case 'review':
    case 'block':
      return { by: 'answer', word: kind };
    case 'in_flight':
      return { by: 'answer_in_flight', word: 'complete' };
    case 'release':
      return { by: 'answer', word: attempt < patience ? 'release' : 'complete' };
    case 'silent':
      return exit(0);
    case 'failed':
      return exit(1);
    case 'later':
      return attempt < patience ? exit(75) : exit(1);
    default:
      return { by: kind };
  }
}
