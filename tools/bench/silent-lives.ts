/**
 * A past in which silence means something: most workers live through long silences, some die in
 * one, and some come back after they were given up. Claimed under a lease of 15 min.
 */
import type { BoardDomainEvent } from '../../src/domain/catalogue.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { defaultPolicy, runPolicy } from '../../src/domain/policy.ts';
import type { TerminalEvent } from '../../src/domain/run/events.ts';
import type { EventLog, StreamWrite } from '../../src/log/event-log.ts';
import { type Chance, createChance } from '../trial/chance.ts';
import { type Dated, worker, write } from './history.ts';
import { ids } from './parts.ts';

const policy = runPolicy(defaultPolicy);
const ttlMs = policy.claimTtlMs;
const livesPerAppend = 100;

/** Appends `count` lives of about ten events each, claimed four a minute up to `untilMs`. */
export async function writeSilentLives(
  log: EventLog,
  { count, untilMs, seed }: { count: number; untilMs: number; seed: number },
): Promise<void> {
  const chance = createChance(seed);
  const startMs = untilMs - count * 15_000 - 3_600_000;
  for (let done = 0; done < count; done += livesPerAppend) {
    const batch = Math.min(livesPerAppend, count - done);
    const lives = Array.from({ length: batch }, (_, index) => {
      return life(chance, done + index, startMs + (done + index) * 15_000);
    });
    const result = await log.append(lives.flat());
    if (!result.ok) throw new Error('a life met a conflict');
  }
}

function life(chance: Chance, index: number, at: number): readonly StreamWrite[] {
  const [taskId, runId] = [ids.taskId(), ids.runId()];
  const isOutside = chance.happens(0.8);
  const beats = silences(chance).map((later): Dated => [beat(later), at + later]);
  const lastAt = beats.at(-1)?.[1] ?? at;
  const dies = chance.happens(0.06);
  const endAt = dies ? lastAt + (isOutside ? ttlMs + 400 : 32_000) : lastAt + 20_000;
  const heartbeats = { count: beats.length, maxGapMs: 0 };
  const end = dies ? death(isOutside, heartbeats) : completed(heartbeats);
  const claim = { runId, attempt: 1, claimedBy: 'bench', ttlMs, policy };
  const kind = isOutside ? ('external' as const) : ('worker' as const);
  const opened = { taskId, attempt: 1, kind, assignee: `worker-${index % 7}`, claimedBy: 'bench' };
  const created = { title: `Survey folder ${index}`, createdBy: 'bench' };
  const concluded: BoardDomainEvent = dies
    ? { type: 'TaskRequeued', data: { runId, outcome: outcomeOf(isOutside), failures: 0 } }
    : { type: 'TaskCompleted', data: { runId } };
  return [
    write(streams.task(taskId), [
      [{ type: 'TaskCreated', data: created }, at],
      [{ type: 'TaskClaimed', data: claim }, at],
      [concluded, endAt],
    ]),
    write(streams.run(runId), [
      [{ type: 'RunOpened', data: { ...opened, ttlMs } }, at],
      ...(isOutside ? [] : [[{ type: 'WorkerSpawned', data: worker(index, runId) }, at] as Dated]),
      ...beats,
      [end, endAt],
    ]),
  ];
}

/** Beats with news: mostly a minute or two apart, now and then a long think. */
function silences(chance: Chance): readonly number[] {
  const beats: number[] = [];
  let at = 0;
  for (let left = 3 + chance.below(4); left > 0; left -= 1) {
    at += chance.happens(0.04) ? 60_000 * (2 + chance.below(12)) : 5_000 + chance.below(110_000);
    beats.push(at);
  }
  return beats;
}

function beat(later: number): BoardDomainEvent {
  return { type: 'HeartbeatRecorded', data: { note: `at ${later}`, coalesced: 0 } };
}

type Heartbeats = TerminalEvent['data']['heartbeats'];

function completed(heartbeats: Heartbeats): BoardDomainEvent {
  return { type: 'RunCompleted', data: { heartbeats, review: false } };
}

function death(isOutside: boolean, heartbeats: Heartbeats): BoardDomainEvent {
  if (!isOutside) {
    const evidence = { because: 'no_such_process' };
    return { type: 'RunCrashed', data: { heartbeats, evidence, error: 'its process is gone' } };
  }
  const reason = 'its lease is over';
  return { type: 'RunReclaimed', data: { heartbeats, evidence: { place: 'outside' }, reason } };
}

function outcomeOf(isOutside: boolean): 'reclaimed' | 'crashed' {
  return isOutside ? 'reclaimed' : 'crashed';
}
