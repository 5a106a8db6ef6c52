/** Whatever happened, and however much of it one knows: every task and run has an answer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openProjections } from '../../projections/run.ts';
import { byTheLog } from '../../src/app/fleet.ts';
import { explain } from '../../src/app/why.ts';
import { type Recorded, streamId } from '../../src/domain/catalogue.ts';
import type { Explanation } from '../../src/domain/why/explanation.ts';
import { codec } from '../../src/log/codec.ts';
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { noBug } from '../../tools/simulate/bug.ts';
import { tellStory } from '../../tools/simulate/story.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { chosenSeed } from '../kit/seed.ts';
import { anyHistory } from '../projections/any-history.ts';

/** The beginning of a log, as a log of its own with its tables. */
async function boardOf(events: readonly Recorded[]) {
  const clock = createFakeClock();
  const log = createMemoryLog({ clock, epoch: 'epoch-1' });
  for (const { id, stream, meta, ...event } of events) {
    const encoded = codec.encode(id, event, meta);
    await log.append([{ stream, expected: 'any', events: [encoded] }]);
  }
  const projections = await openProjections({ log, timers: clock, path: ':memory:' });
  await projections.catchUp();
  const nowMs = () => events.at(-1)?.meta.at ?? 0;
  const read = async () => projections.queries;
  return { log, read, nowMs, probeDispatcher: byTheLog, projections };
}

function idsIn(events: readonly Recorded[]): readonly string[] {
  const first = (prefix: string) =>
    events
      .filter(({ stream, version }) => stream.startsWith(prefix) && version === 0)
      .map(({ stream }) => streamId(stream));
  return [...first('task-'), ...first('run-')];
}

/** Asks about everything there is. */
async function answersFor(events: readonly Recorded[]): Promise<readonly Explanation[]> {
  const board = await boardOf(events);
  const answers: Explanation[] = [];
  for (const id of idsIn(events)) {
    const answer = await explain(board, id);
    if (answer.refused) throw new Error(`${id}: ${answer.message}`);
    answers.push(answer);
  }
  board.projections.close();
  return answers;
}

/** The chain ascends, is of the log, and stays with the subject and the tasks it waited for. */
function expectSound(answer: Explanation, events: readonly Recorded[]): void {
  const at = new Map(events.map((event) => [event.position, event]));
  const { subject, chain, seen, decidedBy, headline } = answer;
  const around = causesOf(events, subject.kind === 'task' ? subject.id : subject.taskId);
  expect(chain.length, headline).toBeGreaterThan(0);
  for (const [index, { position, type, taskId, causedBy }] of chain.entries()) {
    expect(at.get(position)?.type).toBe(type);
    expect(causedBy).toBe(chain[index - 1]?.position ?? null);
    expect(position).toBeGreaterThan(causedBy ?? 0);
    expect(around).toContain(taskId);
  }
  for (const { position } of seen) expect(position === null || at.has(position)).toBe(true);
  if (decidedBy !== null) expect(at.get(decidedBy.position)?.meta.actor.id).toBe(decidedBy.id);
  expect(headline).not.toMatch(/undefined|NaN|\[object/);
  expect(answer.rule.text).not.toMatch(/undefined|NaN|\[object/);
}

/** A task and all it ever waited for, directly or by way of others. */
function causesOf(events: readonly Recorded[], taskId: string): ReadonlySet<string> {
  const found = new Set([taskId]);
  for (const id of found) {
    for (const event of events) {
      if (event.stream !== `task-${id}`) continue;
      if (event.type === 'TaskCreated')
        for (const each of event.data.parents ?? []) found.add(each);
      if (event.type === 'ParentAdded') found.add(event.data.parentId);
    }
  }
  return found;
}

async function expectAllSound(events: readonly Recorded[]): Promise<void> {
  for (const answer of await answersFor(events)) expectSound(answer, events);
}

describe('any history', () => {
  it('is explained, at its end and at any moment before', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (tell, cut) => {
          const events = await tell();
          await expectAllSound(events);
          await expectAllSound(events.slice(0, Math.ceil(events.length * cut)));
        },
      ),
      { numRuns: 100, ...chosenSeed },
    );
  });
});

/** The log of a simulation, in which much goes wrong. */
async function simulated(seed: number): Promise<readonly Recorded[]> {
  const logs: EventLog[] = [];
  const tablesLog = (log: EventLog) => {
    logs.push(log);
    return log;
  };
  await tellStory({ seed, bug: { ...noBug, tablesLog } });
  const stored: StoredEvent[] = [];
  for (let after = 0; ; ) {
    const page = (await logs[0]?.readAll({ after })) ?? [];
    const last = page.at(-1);
    if (last === undefined) return stored.map(codec.decode);
    stored.push(...page);
    after = last.position;
  }
}

describe('a simulated history', () => {
  it('is explained, at its end and on the way', async () => {
    let events = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const history = await simulated(seed);
      events += history.length;
      for (const share of [0.4, 0.8, 1]) {
        await expectAllSound(history.slice(0, Math.ceil(history.length * share)));
      }
    }
    expect(events).toBeGreaterThan(500);
  });
});
