/**
 * Events as the cluster stores them, and back, byte for byte.
 *
 * Payload and metadata are stored as JSON that people and other programs can read there, wherever
 * writing the JSON again makes the same text; else as they are. Beside the metadata, under a key of
 * its own, stands what a cluster has no place for.
 */
import type { AllStreamRecordedEvent, EventData } from '@eventstore/db-client';
import type { NewEvent, Position, Version } from '../event-log.ts';
import type { SourcePosition } from '../sqlite/replica.ts';
import { prefixOf } from './place.ts';

/** What stands beside an event's own metadata. */
interface Beside {
  readonly schemaVersion: number;
  /** Which append stored it: a repeat finds the mark of another. */
  readonly by: string;
  /** The metadata as text, where it cannot stand there as JSON. */
  readonly meta?: string;
  /** Time and position of an event that was copied from another log. */
  readonly at?: number;
  readonly position?: Position;
  /** What a gap in front of it leaves behind; see `CopiedEvent`. */
  readonly before?: string | undefined;
  readonly behind?: Version | undefined;
  /** Nothing but a version, in the place of an event that was thinned out before it was copied. */
  readonly isThinned?: true;
}

/** What an event brings along from the log that it is copied from. */
export type Brought = Omit<Beside, 'schemaVersion' | 'by' | 'meta'>;

/** An event of the board as the cluster gives it back, without its position in the board. */
export interface ClusterEvent extends NewEvent {
  readonly stream: string;
  readonly version: Version;
  /** Wall clock of the server, UTC ms; of a copied event, that of the log it came from. */
  readonly recordedAtMs: number;
  readonly source: SourcePosition;
  /** Which append stored it. */
  readonly by: string;
  /** The position it had in the log that it was copied from. */
  readonly position: Position | undefined;
  readonly before: string | undefined;
  readonly behind: Version | undefined;
  /** It is none of the board's: it only takes the place of one. */
  readonly isThinned: boolean;
}

/** Key of `Beside` in the metadata. */
const ownKey = 'logboard';

/**
 * An event for the client; `by` marks the append. That it can be serialised is known afterwards: of
 * an event that cannot, the client would never answer.
 */
export function propose(event: NewEvent, by: string, brought: Brought = {}): EventData {
  const { id, type, schemaVersion } = event;
  const data = asJson(event.data);
  const meta = asJson(event.meta);
  const canStand = isRecord(meta) && !(ownKey in meta);
  const beside: Beside = {
    schemaVersion,
    by,
    ...(canStand ? {} : { meta: event.meta }),
    ...brought,
  };
  const metadata = canStand ? { ...meta, [ownKey]: beside } : { [ownKey]: beside };
  if (data !== undefined) return { id, type, contentType: 'application/json', data, metadata };
  const bytes = Uint8Array.from(Buffer.from(event.data, 'utf8'));
  return { id, type, contentType: 'application/octet-stream', data: bytes, metadata };
}

/** The object or list of a text that is written the same again; undefined for any other text. */
function asJson(text: string): Record<string, unknown> | unknown[] | undefined {
  try {
    const value = JSON.parse(text);
    const isWhole = typeof value === 'object' && value !== null && JSON.stringify(value) === text;
    return isWhole ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The event of a record that was read in the order of everything. What somebody else wrote into a
 * stream of the board is an event too: it has a version, and readers stop in front of it.
 */
export function eventOf(record: AllStreamRecordedEvent, board: string): ClusterEvent {
  const metadata: unknown = record.metadata;
  const { [ownKey]: found, ...rest } = isRecord(metadata) ? metadata : {};
  const beside = isBeside(found) ? found : foreign;
  return {
    stream: record.streamId.slice(prefixOf(board).length),
    version: Number(record.revision),
    id: record.id,
    type: record.type,
    schemaVersion: beside.schemaVersion,
    data: record.isJson ? JSON.stringify(record.data) : textOf(record.data),
    meta: beside.meta ?? JSON.stringify(rest),
    recordedAtMs: beside.at ?? record.created.getTime(),
    source: record.position,
    by: beside.by,
    position: beside.position,
    before: beside.before,
    behind: beside.behind,
    isThinned: beside.isThinned === true,
  };
}

const foreign: Beside = { schemaVersion: 0, by: '' };

function isBeside(value: unknown): value is Beside {
  return (
    isRecord(value) && typeof value['schemaVersion'] === 'number' && typeof value['by'] === 'string'
  );
}

function textOf(data: Uint8Array): string {
  return Buffer.from(data).toString('utf8');
}
