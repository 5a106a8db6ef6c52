/** The lines of an incident file, made from a board one after the other. */
import { createHash } from 'node:crypto';
import type { Json } from '../../domain/limits.ts';
import type { Policy } from '../../domain/policy.ts';
import { redactJson, redactText } from '../../domain/redact.ts';
import { said } from '../../domain/said.ts';
import type { EventLog, Position, StoredEvent, Version } from '../../log/event-log.ts';
import {
  type IncidentEvent,
  type IncidentHeader,
  type IncidentLine,
  type IncidentOutput,
  incidentFormat,
  incidentVersion,
} from '../../log/incident/format.ts';
import { createHashCheck } from '../../log/incident/proof.ts';
import { pagesOf } from '../../log/pages.ts';
import { isSealed, openEvent } from '../../log/sealing/envelope.ts';
import type { Board } from '../board.ts';
import type { Choice } from './choose.ts';

/** What to save. */
export interface SaveRequest {
  /** The board as it was at the end of the incident. */
  readonly board: Pick<Board, 'log' | 'read' | 'nowMs'>;
  readonly choice: Choice;
  /** What was asked for: ids, or the first and last position. */
  readonly around: readonly string[];
  readonly window: { readonly first: Position; readonly last: Position } | null;
  /** The policy in force. */
  readonly policy: Policy;
  /** When it is saved, UTC ms, and by which release. */
  readonly savedAtMs: number;
  readonly program: string;
  /**
   * Whether text that the board encrypts goes into the file, in the clear. Without it, no output
   * does either: it may quote what is encrypted elsewhere.
   */
  readonly withText: boolean;
  /** Hears of every event in the file whose text the board encrypts. */
  readonly onEncrypted: () => void;
  /** The end of what a run has printed. */
  readOutput(runId: string): Promise<{ readonly text: string; readonly cut: boolean }>;
  /** Hears how far it is, in positions. Throws to give it up. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Events read at a time: so few that even the largest fit into memory. */
const pageSize = 500;

/** Makes the lines in the order of the file; nothing but a page of them is kept in memory. */
export async function* incidentLines(request: SaveRequest): AsyncGenerator<IncidentLine> {
  const counts = { events: 0, outputs: 0, redacted: 0, unproven: 0, eventsLeftOut: 0 };
  yield await headerOf(request);
  for await (const event of eventsOf(request, () => (counts.eventsLeftOut += 1))) {
    counts.events += 1;
    if (event.redacted !== undefined) counts.redacted += 1;
    if (event.unproven) counts.unproven += 1;
    yield event;
  }
  for (const runId of request.withText ? request.choice.outputs : []) {
    const { text, cut } = await request.readOutput(runId);
    if (text === '') continue;
    const output = outputOf(runId, text, cut);
    counts.outputs += 1;
    if (output.redacted !== undefined) counts.redacted += 1;
    yield output;
  }
  yield { kind: 'end', ...counts };
}

async function headerOf(request: SaveRequest): Promise<IncidentHeader> {
  const { board, choice, around, window, policy, savedAtMs, program } = request;
  const { position, hash } = await board.log.head();
  const queries = await board.read();
  const nowMs = board.nowMs();
  const { whole, beside } = choice;
  const all = queries.countTasks({ includeArchived: true }, nowMs);
  return {
    format: incidentFormat,
    version: incidentVersion,
    savedAtMs,
    program,
    board: { name: redactText(queries.board()?.name ?? ''), epoch: board.log.epoch },
    head: { position, hash, atMs: nowMs },
    around: [...around],
    window,
    tasks: { whole: [...whole], beside: [...beside], leftOut: all - whole.length - beside.length },
    policy,
  };
}

async function* eventsOf(
  { board, choice, withText, onEncrypted, onProgress }: SaveRequest,
  leaveOut: () => void,
): AsyncGenerator<IncidentEvent> {
  const { log } = board;
  const total = (await log.head()).position;
  const asSaved = createSaving(log);
  for await (const page of pagesOf(log, { pageSize, asStored: true })) {
    const opened = withText && page.some(isSealed) ? await openedOf(log, page) : undefined;
    for (const event of page) {
      if (!choice.streams.has(event.stream)) {
        leaveOut();
        continue;
      }
      if (isSealed(event)) onEncrypted();
      yield await asSaved(opened?.get(event.position) ?? event);
    }
    onProgress({ done: page.at(-1)?.position ?? 0, total });
  }
}

/** The same events with their text in the clear, by position. */
async function openedOf(log: EventLog, page: readonly StoredEvent[]) {
  const after = (page[0]?.position ?? 1) - 1;
  const events = await log.readAll({ after, limit: page.length });
  return new Map(events.map((event) => [event.position, event]));
}

/** Turns stored events into lines, in order. */
function createSaving(log: EventLog): (event: StoredEvent) => Promise<IncidentEvent> {
  const isProven = createHashCheck();
  const nextVersions = new Map<string, Version>();
  let before: { readonly position: Position; readonly hash: string } | undefined;

  async function hashBefore(position: Position): Promise<string | undefined> {
    if (before?.position === position - 1) return before.hash;
    return position === 1 ? '0'.repeat(64) : log.hashBefore(position);
  }

  return async (event) => {
    const prevHash = await hashBefore(event.position);
    const hash = (await log.hashAt(event.position)) ?? '';
    before = { position: event.position, hash };
    const proven = isProven({ ...event, hash, ...said({ prevHash }) });
    const thinned = event.version - (nextVersions.get(event.stream) ?? 0);
    nextVersions.set(event.stream, event.version + 1);
    // Packed beats were written by nobody, and what is random looks like a secret now and then.
    const data = event.type === 'LogThinned' ? asIs(event.data) : withoutText(event);
    const meta = redacted(event.meta);
    const isRedacted = data.digest !== undefined || meta.digest !== undefined;
    return {
      kind: 'event',
      ...event,
      data: data.text,
      meta: meta.text,
      hash,
      ...said({
        prevHash,
        thinned: thinned > 0 ? thinned : undefined,
        redacted: isRedacted ? said({ data: data.digest, meta: meta.digest }) : undefined,
        unproven: proven ? undefined : (true as const),
      }),
    };
  };
}

/** A stored text, and the digest of what it was if it lost secrets. */
interface Shown {
  readonly text: string;
  readonly digest: string | undefined;
}

function asIs(stored: string): Shown {
  return { text: stored, digest: undefined };
}

/** Encrypted text is left out; without it, an event reads as if its task were forgotten. */
function withoutText(event: StoredEvent): Shown {
  if (!isSealed(event)) return redacted(event.data);
  const { data } = openEvent(event, () => undefined);
  return { text: withoutSecrets(data), digest: sha256(event.data) };
}

function redacted(stored: string): Shown {
  const text = withoutSecrets(stored);
  return { text, digest: text === stored ? undefined : sha256(stored) };
}

/** The bytes stay as they were stored, unless something is taken out. */
function withoutSecrets(stored: string): string {
  const value = jsonIn(stored);
  if (value === undefined) return redactText(stored);
  const left = JSON.stringify(redactJson(value));
  return left === JSON.stringify(value) ? stored : left;
}

/** Undefined where the log is damaged: what it says is saved all the same. */
function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function outputOf(runId: string, text: string, cut: boolean): IncidentOutput {
  const left = redactText(text);
  const digest = left === text ? undefined : sha256(text);
  return { kind: 'output', runId, text: left, cut, ...said({ redacted: digest }) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
