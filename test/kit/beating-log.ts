/** Logs full of heartbeats: runs side by side, which beat in turn and then end. */
import { createHash } from 'node:crypto';
import { type BoardDomainEvent, streams } from '../../src/domain/catalogue.ts';
import type { EventMeta } from '../../src/domain/event.ts';
import { defaultPolicy, runPolicy } from '../../src/domain/policy.ts';
import { ending } from '../../src/domain/run/endings.ts';
import type { RunEvent } from '../../src/domain/run/events.ts';
import { evolveRun, type RunState } from '../../src/domain/run/state.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog } from '../../src/log/event-log.ts';

/** What the runs of such a log are like. */
export interface Beating {
  readonly runs: number;
  /** Of each run. */
  readonly beats: number;
  /** What a beat says; default: nothing but that it beats. */
  readonly says?: (beat: number) => { note?: string; progress?: number };
  /** Left open, so that nothing of it may be thinned. Default: none. */
  readonly isOpen?: (run: number) => boolean;
  /** How much longer than usual all are silent before a beat, ms. Default: 0. */
  readonly pauseMs?: (beat: number) => number;
  /** Beats of a run that stand together in the log. Default: 10, one commit for each takes long. */
  readonly together?: number;
  /** A letter that makes the ids of one batch other than those of the next. Default: A. */
  readonly batch?: string;
}

/** The wall clock at the first beat, UTC ms. */
export const beganAtMs = 1_700_000_000_000;
/** Between two beats of a run; every other one is a bit late. */
const everyMs = 15_000;

type Life = ReturnType<typeof createLife>;

const worker = { kind: 'worker', id: 'w' } as const;
const dispatcher = { kind: 'dispatcher', id: 'd-1' } as const;

/** Appends the lives of tasks whose runs beat, in appends of some beats each. */
export async function writeBeatingRuns(log: EventLog, beating: Beating): Promise<void> {
  const { runs, beats, says = () => ({}), isOpen = () => false, batch = 'A' } = beating;
  const { together: beatsTogether = 10 } = beating;
  const timeOf = createTimes(beating);
  const lives = Array.from({ length: runs }, (_, index) => createLife(batch, index));
  const write = async (events: readonly Said[]) => {
    const answer = await log.append(byStream(events));
    if (!answer.ok) throw new Error('a life met a conflict');
  };
  if (batch === 'A') await write([founding()]);
  await write(lives.flatMap((life) => life.begin()));
  for (let begin = 0; begin < beats; begin += beatsTogether) {
    const together = Array.from({ length: Math.min(beatsTogether, beats - begin) });
    const rounds = together.map((_, index) => begin + index);
    const beatsOf = (life: Life) =>
      rounds.map((beat) => life.beat(says(beat), timeOf(beat) + (beat % 2) * 7));
    await write(lives.flatMap(beatsOf));
  }
  const atMs = timeOf(beats);
  await write(lives.flatMap((life, run) => (isOpen(run) ? [] : life.end(atMs))));
}

/** When each beat is due, UTC ms, and after the last one the end. */
function createTimes({ beats, pauseMs = () => 0 }: Beating): (beat: number) => number {
  const times = [beganAtMs + pauseMs(0)];
  for (let beat = 1; beat <= beats; beat += 1) times.push(times.at(-1)! + everyMs + pauseMs(beat));
  return (beat) => times[beat]!;
}

function founding(): Said {
  const cause = { commandId: 'c', $correlationId: 'c', $causationId: 'c' };
  const meta: EventMeta = { actor: dispatcher, surface: 'sdk', ...cause, at: beganAtMs };
  const data = { name: 'harbour', epoch: 'e' };
  return {
    stream: streams.board,
    event: codec.encode('founding', { type: 'BoardCreated', data }, meta),
  };
}

interface Said {
  readonly stream: string;
  readonly event: ReturnType<typeof codec.encode>;
}

function byStream(events: readonly Said[]) {
  const streamsOf = new Map<string, Said['event'][]>();
  for (const { stream, event } of events) {
    streamsOf.set(stream, [...(streamsOf.get(stream) ?? []), event]);
  }
  return [...streamsOf].map(([stream, own]) => {
    return { stream, expected: 'any' as const, events: own };
  });
}

/** The ids of a task and its run. */
export function idsOf(index: number, batch = 'A'): { taskId: string; runId: string } {
  const number = (digits: number) => `${batch}${`${index}`.padStart(digits - 1, '0')}`;
  return { taskId: `T-${number(10)}`, runId: `R-${number(12)}` };
}

/** A UUID that follows from a name. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}

function createLife(batch: string, index: number) {
  const name = `${batch}${index}`;
  const { taskId, runId } = idsOf(index, batch);
  let state: RunState;
  let count = 0;

  function said(stream: string, event: BoardDomainEvent, actor: EventMeta['actor'], at: number) {
    count += 1;
    const commandId = idOf(`${name} ${count}`);
    const cause = { commandId, $correlationId: commandId, $causationId: commandId };
    const meta: EventMeta = { actor, surface: 'sdk', ...cause, at };
    if (stream === streams.run(runId)) state = evolveRun(state, event as RunEvent, meta);
    return { stream, event: codec.encode(idOf(`${name} event ${count}`), event, meta) };
  }

  const onTask = (event: BoardDomainEvent, at: number) =>
    said(streams.task(taskId), event, dispatcher, at);
  const onRun = (event: RunEvent, actor: EventMeta['actor'], at: number) =>
    said(streams.run(runId), event, actor, at);

  return {
    begin() {
      const at = beganAtMs - everyMs;
      const claim = { runId, attempt: 1, claimedBy: 'd-1', ttlMs: 900_000 };
      const open = {
        taskId,
        attempt: 1,
        kind: 'external',
        claimedBy: 'd-1',
        ttlMs: 900_000,
      } as const;
      return [
        onTask({ type: 'TaskCreated', data: { title: name, priority: 0, createdBy: 'd-1' } }, at),
        onTask({ type: 'TaskClaimed', data: { ...claim, policy: runPolicy(defaultPolicy) } }, at),
        onRun({ type: 'RunOpened', data: open }, dispatcher, at),
      ];
    },
    beat: (says: { note?: string; progress?: number }, at: number) =>
      onRun({ type: 'HeartbeatRecorded', data: { ...says, coalesced: 0 } }, worker, at),
    end(at: number) {
      if (state?.standing !== 'open') throw new Error('the run is not open');
      const event = ending(state, {
        type: 'CompleteRun',
        handOff: { summary: 'done' },
        review: false,
      });
      return [
        onRun(event, worker, at),
        onTask({ type: 'TaskCompleted', data: { runId, summary: 'done' } }, at),
      ];
    },
  };
}
