/**
 * Opens an incident file: goes through all of it once, believes nothing, and remembers where each
 * event stands. Events are read from the file when they are asked for.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import type * as z from 'zod';
import type { Position, Version } from '../event-log.ts';
import { IncidentDamaged, notAnIncident, tooNew } from './faults.ts';
import {
  type IncidentEnd,
  type IncidentEvent,
  type IncidentHeader,
  type IncidentOutput,
  incidentBeginning,
  incidentEndSchema,
  incidentEventSchema,
  incidentHeaderSchema,
  incidentOutputSchema,
  incidentVersion,
} from './format.ts';
import { linesOf, type PlacedLine, readAt } from './lines.ts';
import { createProof } from './proof.ts';
import { createSealCheck } from './seal.ts';

/** An incident file, verified and open. */
export interface IncidentFile {
  readonly header: IncidentHeader;
  readonly end: IncidentEnd;
  /** The size of the file. */
  readonly bytes: number;
  /** The positions of its events, growing. */
  readonly positions: readonly Position[];
  /** The events of each stream, by growing version. */
  readonly streams: ReadonlyMap<string, readonly PlacedEvent[]>;
  /** The event with an index among `positions`. */
  event(index: number): IncidentEvent;
  /** The output of a run; undefined when the file has none of it. */
  output(runId: string): IncidentOutput | undefined;
  close(): void;
}

/** An event of a stream, and its index among all. */
export interface PlacedEvent {
  readonly version: Version;
  readonly index: number;
}

/** Hears how many bytes of how many were verified. */
export type OnRead = (progress: { readonly done: number; readonly total: number }) => void;

interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * Opens a file and verifies it. Throws `IncidentDamaged`, which names the first bad line;
 * `IncidentUnknown` for another file; and what the file system says no with.
 */
export function openIncidentFile(path: string, onRead: OnRead = () => {}): IncidentFile {
  const file = openSync(path, 'r');
  try {
    return readThrough(file, onRead);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function readThrough(file: number, onRead: OnRead): IncidentFile {
  const total = fstatSync(file).size;
  const reading = new Reading();
  for (const line of linesOf(file)) {
    reading.take(line);
    onRead({ done: line.offset + line.bytes.length, total });
  }
  const { header, end, positions, streams, extents, outputs } = reading.finished(total);
  const recordAt = ({ offset, length }: Extent): unknown =>
    JSON.parse(readAt(file, offset, length).toString('utf8'));
  return {
    header,
    end,
    bytes: total,
    positions,
    streams,
    // Verified when the file was opened: nobody has a reason to change it since.
    event: (index) => recordAt(extents[index]!) as IncidentEvent,
    output(runId) {
      const extent = outputs.get(runId);
      return extent && (recordAt(extent) as IncidentOutput);
    },
    close: () => closeSync(file),
  };
}

/** What was found on the way through a file. */
class Reading {
  readonly positions: Position[] = [];
  readonly extents: Extent[] = [];
  readonly streams = new Map<string, PlacedEvent[]>();
  readonly outputs = new Map<string, Extent>();
  #header: IncidentHeader | undefined;
  #end: IncidentEnd | undefined;
  #place = { line: 1, offset: 0 };
  readonly #isSealed = createSealCheck();
  readonly #objectionTo = createProof();

  take(line: PlacedLine): void {
    this.#place = { line: line.number, offset: line.offset };
    if (this.#end !== undefined) this.#fail('something follows the end');
    const record = this.#recordOf(line);
    if (this.#header === undefined) this.#header = this.#parse(incidentHeaderSchema, record);
    else this.#takeRecord(record, { offset: line.offset, length: line.bytes.length });
  }

  finished(size: number) {
    const { positions, extents, streams, outputs } = this;
    if (size === 0) throw notAnIncident('it is empty');
    if (this.#header === undefined || this.#end === undefined) {
      this.#place = { line: this.#place.line + 1, offset: size };
      return this.#fail('the end is missing: it was cut short');
    }
    return { header: this.#header, end: this.#end, positions, extents, streams, outputs };
  }

  /** Whether it is an incident file at all is asked first, so that no other is called damaged. */
  #recordOf({ bytes, number }: PlacedLine): unknown {
    const text = bytes.toString('utf8');
    if (number === 1) refuseStrangers(text);
    if (!text.endsWith('\n')) this.#fail('the line is cut short');
    if (!this.#isSealed(bytes)) this.#fail('its check does not fit: it was altered');
    return JSON.parse(text) as unknown;
  }

  #takeRecord(record: unknown, extent: Extent): void {
    const { kind } = record as { kind?: unknown };
    if (kind === 'event') this.#takeEvent(this.#parse(incidentEventSchema, record), extent);
    else if (kind === 'output') this.#takeOutput(this.#parse(incidentOutputSchema, record), extent);
    else if (kind === 'end') this.#takeEnd(this.#parse(incidentEndSchema, record));
    else this.#fail('it is no line of this format');
  }

  #takeEvent(event: IncidentEvent, extent: Extent): void {
    const { position, stream, version, thinned = 0 } = event;
    const ofStream = this.streams.get(stream) ?? [];
    if (position <= (this.positions.at(-1) ?? 0))
      this.#fail(`position ${position} is out of order`);
    const next = (ofStream.at(-1)?.version ?? -1) + 1 + thinned;
    if (version !== next) {
      this.#fail(`it has version ${version} of ${stream}, and ${next} is missing`);
    }
    const objection = this.#objectionTo(event);
    if (objection !== undefined) this.#fail(objection);
    ofStream.push({ version, index: this.positions.length });
    this.streams.set(stream, ofStream);
    this.positions.push(position);
    this.extents.push(extent);
  }

  #takeOutput({ runId }: IncidentOutput, extent: Extent): void {
    if (this.outputs.has(runId)) this.#fail(`it is the second output of ${runId}`);
    this.outputs.set(runId, extent);
  }

  #takeEnd(end: IncidentEnd): void {
    const [events, outputs] = [this.positions.length, this.outputs.size];
    if (end.events !== events || end.outputs !== outputs) {
      this.#fail(`it counts ${end.events} events and ${end.outputs} outputs, not what is there`);
    }
    this.#end = end;
  }

  #parse<T>(schema: z.ZodType<T>, record: unknown): T {
    const parsed = schema.safeParse(record);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return this.#fail(`${issue?.path.join('.') || 'it'}: ${issue?.message}`);
  }

  #fail(found: string): never {
    throw new IncidentDamaged(found, this.#place);
  }
}

/** Throws unless the first line says that this is an incident file of a version we know. */
function refuseStrangers(text: string): void {
  const strange = [...incidentBeginning].findIndex((char, index) => text[index] !== char);
  if (strange >= 0) {
    throw notAnIncident(`byte ${strange} of line 1 is not that of ${incidentBeginning}…`);
  }
  const version = Number(/^\d{1,9}/.exec(text.slice(incidentBeginning.length)));
  if (version > incidentVersion) throw tooNew(version, incidentVersion);
}
