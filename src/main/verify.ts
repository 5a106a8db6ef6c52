/** Verification of a board: its bytes, its promises, and its tables. */
import { positionAt } from '../app/position-at.ts';
import { type BrokenSeal, compareWithSeals } from '../app/seals.ts';
import { InvariantChecker, type Violation } from '../app/verify.ts';
import type { Tell, VerifyProblem, VerifyReport, VerifyWanted } from '../cli/upkeep.ts';
import type { Refusal } from '../domain/refusal.ts';
import { codec, UnreadableEvent } from '../log/codec.ts';
import type { Position, StoredEvent } from '../log/event-log.ts';
import { pagesOf } from '../log/pages.ts';
import type { ChainProblem } from '../log/sqlite/chain-walk.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import type { Tables } from './tables.ts';
import { compareBeside } from './tables-beside.ts';

/** A board, for whoever verifies it. */
export interface VerifiedBoard extends Tables {
  readonly log: SqliteLog;
  /** On a cluster what has just been begun may be half done for a while. */
  readonly isOnCluster: boolean;
}

/** Verifies the log, what it promises, and the tables. Writes nothing. */
export async function verifyBoard(
  board: VerifiedBoard,
  { since, nowMs }: VerifyWanted,
  tell: Tell,
): Promise<VerifyReport | Refusal> {
  const { log, isOnCluster } = board;
  const start = await startOf(log, since, nowMs);
  if (start.refused) return start;
  const isWhole = start.position <= 1;
  const tables = isWhole ? beside(compareBeside(board, (done) => tell('tables', done))) : () => [];
  const promises = createPromises(isOnCluster ? { nowMs } : undefined);
  const found = await verifyLog(log, { since: start.position, promises }, tell);
  // Tables are compared with a log that is sound, or with nothing.
  const differences = found.problems.length === 0 ? await tables() : [];
  const { head, problems } = found;
  const all = [...problems, ...differences];
  return { refused: false, epoch: log.epoch, since: start.position, ...head, problems: all };
}

async function startOf(log: SqliteLog, since: VerifyWanted['since'], nowMs: number) {
  if (since === undefined) return { refused: false, position: 1 } as const;
  const head = await log.head();
  // A position means itself, also in a log that is damaged there.
  const isPlace = 'position' in since && since.position > 0 && since.position <= head.position;
  if (isPlace) return { refused: false, position: since.position } as const;
  return positionAt(log, since, nowMs);
}

/** Lets work go on beside other; what came of it is for whoever asks, if anybody does. */
function beside<T>(work: Promise<T>): () => Promise<T> {
  work.catch(() => undefined);
  return () => work;
}

interface LogWanted {
  readonly since: Position;
  readonly promises: ReturnType<typeof createPromises>;
}

async function verifyLog(log: SqliteLog, { since, promises }: LogWanted, tell: Tell) {
  const seals = compareWithSeals(log);
  for await (const page of pagesOf(log, { upTo: since - 1 })) {
    promises.remember(page);
    tell('before', { done: page.at(-1)?.position ?? 0, total: since - 1 });
  }
  const { problem, head } = await log.verifyChain({
    from: since,
    onVerified: async (events) => {
      promises.check(events);
      await seals.take(events);
    },
    onProgress: (progress) => tell('log', progress),
  });
  const promised = problem === undefined ? promises.atTheEnd() : promises.soFar();
  const seal = seals.broken();
  const problems = [
    ...promised,
    ...(seal === undefined ? [] : [brokenSeal(seal)]),
    ...(problem === undefined ? [] : [chainProblem(problem)]),
  ];
  return { head, problems: problems.sort(byPosition) };
}

/** What the log promises, checked as far as its events can be read. */
function createPromises(halfDone: { readonly nowMs: number } | undefined) {
  const checker = new InvariantChecker(codec, halfDone);
  let unreadable: VerifyProblem | undefined;

  function check(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (unreadable === undefined) unreadable = unreadableIn(event, () => checker.add(event));
    }
  }

  function remember(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (unreadable === undefined) unreadable = unreadableIn(event, () => checker.remember(event));
    }
  }

  function soFar(): VerifyProblem[] {
    const broken = checker.violations.map(brokenPromise);
    return unreadable === undefined ? broken : [...broken, unreadable];
  }

  function atTheEnd(): VerifyProblem[] {
    if (unreadable === undefined) checker.finish();
    return soFar();
  }

  return { check, remember, soFar, atTheEnd };
}

/** The problem of an event that cannot be read; undefined when it can. */
function unreadableIn(event: StoredEvent, read: () => void): VerifyProblem | undefined {
  try {
    read();
    return undefined;
  } catch (fault) {
    if (!(fault instanceof UnreadableEvent)) throw fault;
    const { position, message: found } = fault;
    return { kind: 'invariant', position, subject: event.stream, found, event: nameOf(event) };
  }
}

function brokenPromise(violation: Violation): VerifyProblem {
  const { invariant, position, stream: subject, found } = violation;
  const event = nameOf(violation);
  return { kind: 'invariant', position, subject, found: `${invariant}: ${found}`, event };
}

function chainProblem({ position, message: found, event }: ChainProblem): VerifyProblem {
  const name = event === undefined ? null : nameOf(event);
  return { kind: 'chain', position, subject: 'log', found, event: name };
}

function brokenSeal({ seal, after, upTo }: BrokenSeal): VerifyProblem {
  const where = `something between positions ${after + 1} and ${upTo}`;
  const found = `the seal on positions up to ${upTo} does not fit: ${where} is not what was sealed`;
  return { kind: 'chain', position: seal.position, subject: 'log', found, event: nameOf(seal) };
}

function nameOf({ position, stream, version, type, id }: Violation | StoredEvent) {
  return { position, stream, version, type, id };
}

function byPosition(one: VerifyProblem, other: VerifyProblem): number {
  return (one.position ?? 0) - (other.position ?? 0);
}
