/** Compares an audit file with the log of the board that it is said to be of. */
import { type Refusal, refuse } from '../../domain/refusal.ts';
import {
  type EventLog,
  type Position,
  pageCharsMax,
  type StoredEvent,
} from '../../log/event-log.ts';
import type { BodyCheck } from './check.ts';
import type { AuditEvent } from './format.ts';

/** What a comparison came to, when it found no difference. */
export interface Compared {
  /** False for a board that was restored from a copy: the same past under another epoch. */
  readonly isSameEpoch: boolean;
  /** Events of the file that the board has thinned since. */
  readonly thinnedSince: number;
}

/** A comparison with a log, event by event, beside the check of the file. */
export interface Comparison {
  /** Compares the line that the check has just taken. */
  take(check: BodyCheck): Promise<Refusal | undefined>;
  /** Compares what is left when the body is whole. */
  end(check: BodyCheck): Promise<Compared | Refusal>;
}

const pageSize = 1_000;

/** Begins to compare. A log that is damaged throws `LogDamaged`. */
export function compareWithLog(log: EventLog): Comparison {
  let page: StoredEvent[] = [];
  let isAtEnd = false;
  let thinnedSince = 0;

  /** The log's next event from a position on. */
  async function nextFrom(position: Position): Promise<StoredEvent | undefined> {
    while (page[0] !== undefined && page[0].position < position) page.shift();
    if (page.length === 0 && !isAtEnd) {
      const wanted = { after: position - 1, limit: pageSize, charsMax: pageCharsMax };
      page = [...(await log.readAll({ ...wanted, asStored: true }))];
      isAtEnd = page.length === 0;
    }
    return page[0];
  }

  async function take({ event: line }: BodyCheck): Promise<Refusal | undefined> {
    if (line === undefined) return undefined;
    const { event } = line;
    const own = await nextFrom(event.position);
    if (own === undefined) return differs(line, 'the board ends before it');
    if (own.position > event.position) {
      // A log gives out no later event in the place of a missing one unless it was thinned.
      if (event.type !== 'HeartbeatRecorded') return differs(line, 'the board has lost it');
      thinnedSince += 1;
      return undefined;
    }
    return isSame(own, event) ? undefined : differs(line, 'the board has another event there');
  }

  async function end({ header, place }: BodyCheck): Promise<Compared | Refusal> {
    const isSameEpoch = header?.epoch === log.epoch;
    const { position } = await log.head();
    if (place.position !== null && position < place.position) {
      return refuse('audit_differs', `The board ends at position ${position}.`, {
        hint: 'The board has lost its end, or is another one.',
        facts: { position: position + 1 },
      });
    }
    return { isSameEpoch, thinnedSince };
  }

  return { take, end };
}

function isSame(one: StoredEvent, other: StoredEvent): boolean {
  return (
    one.stream === other.stream &&
    one.version === other.version &&
    one.id === other.id &&
    one.type === other.type &&
    one.schemaVersion === other.schemaVersion &&
    one.recordedAtMs === other.recordedAtMs &&
    one.data === other.data &&
    one.meta === other.meta
  );
}

function differs({ event }: AuditEvent, found: string): Refusal {
  const { position, stream, version, type, id } = event;
  const name = `${stream}@${version}, ${type}, ${id}`;
  return refuse('audit_differs', `Position ${position} (${name}) differs: ${found}.`, {
    hint: 'The board was changed after the export, or the file is of another board.',
    facts: { position, stream, version, type, id },
  });
}
