/** The body of an audit file, line by line, as it follows from the log. */

import type { BoardEvent } from '../../domain/board/events.ts';
import { evolveBoard } from '../../domain/board/state.ts';
import { type Recorded, streams } from '../../domain/catalogue.ts';
import type { Codec } from '../../log/codec.ts';
import { type EventLog, LogDamaged, type Position } from '../../log/event-log.ts';
import { pagesOf } from '../../log/pages.ts';
import { createHexHasher, hexBeforeFirst } from '../../log/sqlite/hash-chain.ts';
import { compareWithSeals } from '../seals.ts';
import {
  type AuditFooter,
  type AuditGap,
  type AuditHeader,
  auditFormat,
  eventLine,
} from './format.ts';

/** A log with a hash chain. */
export interface ChainedLog extends EventLog {
  /** The hash that the event at a position was appended to; undefined where there is none. */
  hashBefore(position: Position): Promise<string | undefined>;
}

/** What to export, first and last position included. */
export interface AuditRange {
  readonly first: Position;
  readonly last: Position;
}

/**
 * The lines of the body, without their ends. Every hash is computed anew; throws `LogDamaged` when
 * that is not what the log has, so that nothing is exported which does not verify.
 */
export async function* auditBody(
  deps: { readonly log: ChainedLog; readonly codec: Codec },
  { first, last }: AuditRange,
): AsyncGenerator<string> {
  const { log } = deps;
  const hashEvent = createHexHasher();
  const begun = await beginningOf(deps, { first, last });
  yield JSON.stringify(begun);
  let [position, hash, events, thinned] = [first - 1, begun.before, 0, 0];
  // The chain is over what is stored: encrypted text is exported as it is, and stays encrypted.
  const part = { after: first - 1, upTo: last, asStored: true };
  const seals = compareWithSeals(log);
  for await (const page of pagesOf(log, part)) {
    await seals.take(page);
    const broken = seals.broken();
    if (broken !== undefined) throw notAsWritten(broken.upTo);
    for (const event of page) {
      if (event.position > position + 1) {
        const gap: [Position, Position] = [position + 1, event.position - 1];
        hash = (await log.hashBefore(event.position)) ?? '';
        thinned += gap[1] - position;
        yield JSON.stringify({ thinned: gap, last: hash } satisfies AuditGap);
      }
      hash = hashEvent(hash, event, event);
      position = event.position;
      events += 1;
      yield eventLine({ event, hash });
    }
  }
  if ((await log.hashAt(position)) !== hash) throw notAsWritten(position);
  yield JSON.stringify({ events, thinned, head: hash } satisfies AuditFooter);
}

async function beginningOf(
  { log, codec }: { readonly log: ChainedLog; readonly codec: Codec },
  { first, last }: AuditRange,
): Promise<AuditHeader> {
  const before = first === 1 ? hexBeforeFirst : await log.hashBefore(first);
  if (before === undefined) throw notAsWritten(first);
  const { epoch } = log;
  const board = await nameAt(log, codec, last);
  return { logboard: 'audit', format: auditFormat, epoch, board, from: first, to: last, before };
}

/** What the board was called when the event at a position had happened. */
async function nameAt(log: EventLog, codec: Codec, position: Position): Promise<string | null> {
  let board: ReturnType<typeof evolveBoard> | undefined;
  for (let from = 0; ; ) {
    const page = await log.readStream(streams.board, { from });
    const past = page.filter((event) => event.position <= position);
    for (const stored of past) {
      const event = codec.decode(stored) as Recorded<BoardEvent>;
      board = evolveBoard(board, event, event.meta);
    }
    const end = past.at(-1);
    if (end === undefined || past.length < page.length) return board?.name ?? null;
    from = end.version + 1;
  }
}

function notAsWritten(position: Position): LogDamaged {
  return new LogDamaged(`The log is damaged: position ${position} or before is not as written`, {
    hint: 'Run `logboard verify`; it names the first event that is not as it was written.',
    position,
  });
}
