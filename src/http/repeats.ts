/**
 * The same request again, under the same key: answered like the first, and done once.
 *
 * Answers are remembered here for a day. Whoever asks again later, or after a restart, is
 * recognised by the log: the key names the command, and the command's events are there.
 *
 * An answer may hold the text of any task, and whoever forgets one may be another process. All of
 * them end by putting tables made anew in the place of those that held the text: an answer is only
 * as good as the tables it was made beside.
 */
import { LRUCache } from 'lru-cache';
import type { DoorParts } from './door-parts.ts';
import { DoorProblem, doorProblem } from './problem.ts';

const ageMsMax = 24 * 3_600_000;
const answersMax = 20_000;
/** Longer answers are made again. */
const bytesMax = 32 * 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

interface Asked {
  /** What was asked, so that a key is not used for something else. */
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
}

/** Remembers answers by command, until the tables are made anew. */
export function createRepeats({ board }: Pick<DoorParts, 'board'>) {
  const under = new Map<string, Asked>();
  const given = new LRUCache<string, { fingerprint: string; answer: Answer }>({
    max: answersMax,
    maxSize: bytesMax,
    sizeCalculation: ({ answer }) => answer.text.length + 500,
    ttl: ageMsMax,
  });

  let madeBeside = board.projections.queries;

  /** The tables in use, as far as is known; what was made beside others is let go of. */
  function tablesNow() {
    const { queries } = board.projections;
    if (queries !== madeBeside) given.clear();
    madeBeside = queries;
    return queries;
  }

  /** The answer to a command; made once, however often and however close together it is asked. */
  return async function once(
    commandId: string,
    fingerprint: string,
    make: () => Promise<Response>,
  ): Promise<Response> {
    // Reading moves to the tables in use. From here to `under.set` nobody else may come between.
    if (given.has(commandId)) await board.read();
    const tables = tablesNow();
    const known = given.get(commandId) ?? under.get(commandId);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) throw usedOtherwise();
      return responseOf(await known.answer, { 'Idempotency-Replayed': 'true' });
    }
    const answer = make().then(answerOf);
    under.set(commandId, { fingerprint, answer });
    try {
      const made = await answer;
      // What failed for our own reasons may succeed the next time.
      const mayBeKept = made.status < 500 && tablesNow() === tables;
      if (mayBeKept) given.set(commandId, { fingerprint, answer: made });
      return responseOf(made);
    } finally {
      under.delete(commandId);
    }
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers: [...headers], text: await response.text() };
}

function responseOf({ status, headers, text }: Answer, more: Record<string, string> = {}) {
  // Some answers must not have a body, not even an empty one.
  return new Response(text === '' ? null : text, {
    status,
    headers: { ...Object.fromEntries(headers), ...more },
  });
}

/** The key stands for another request already. */
export function usedOtherwise(): DoorProblem {
  const hint = 'Use a new key for every new request.';
  const message = 'This Idempotency-Key was used for another request.';
  return new DoorProblem(doorProblem('key_used_otherwise', message, hint));
}
