/**
 * A log of many events, made quickly of real ones: simulated stories are told again and again, each
 * time with tasks and runs of their own, several at once, and workers beat as often as they do.
 */
import type { EventLog, StoredEvent } from '../../src/log/event-log.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { simulatedLog } from './simulated-log.ts';

/** Stories told at the same time. */
const atOnce = 6;

/** Beats in the place of each one that was simulated. */
const beatsEach = 60;

/** A log in memory with so many events. */
export async function longLog(
  events: number,
  seeds: readonly number[] = [21, 22],
): Promise<EventLog> {
  const stories = await Promise.all(seeds.map(storyOf));
  let atMs = Date.UTC(2026, 4, 1);
  const log = createMemoryLog({ clock: { nowMs: () => (atMs += 250) }, epoch: 'epoch-1' });
  let written = 0;
  for (const event of interleaved(stories)) {
    const { stream, id, type, schemaVersion, data, meta } = event;
    const stored = { id: `${id}#${written}`, type, schemaVersion, data, meta };
    await log.append([{ stream, expected: 'any', events: [stored] }]);
    written += 1;
    if (written === events) break;
  }
  return log;
}

async function storyOf(seed: number): Promise<readonly StoredEvent[]> {
  const log = await simulatedLog({ seed, sizes: { tasks: 30 } });
  return log.readAll();
}

/** Story after story, a few at a time, an event of each in turn; it never ends. */
function* interleaved(stories: readonly (readonly StoredEvent[])[]): Iterable<StoredEvent> {
  let copy = 0;
  const begin = () => {
    copy += 1;
    return told(stories[copy % stories.length]!, copy);
  };
  const telling = Array.from({ length: atOnce }, begin);
  for (;;) {
    for (const [index, story] of telling.entries()) {
      const next = story.next();
      if (next.done) telling[index] = begin();
      else yield next.value;
    }
  }
}

function* told(story: readonly StoredEvent[], copy: number): Generator<StoredEvent> {
  for (const event of story) {
    if (event.type === 'BoardCreated' && copy > 1) continue;
    const renamed = rename(event, copy);
    const times = event.type === 'HeartbeatRecorded' ? beatsEach : 1;
    for (let time = 0; time < times; time += 1) yield renamed;
  }
}

/** The same event, about a task and a run of this copy alone. */
function rename(event: StoredEvent, copy: number): StoredEvent {
  const mark = String(copy).padStart(4, '0');
  const inText = (text: string) =>
    text.replace(/\b([TR])-[0-9A-Z]{4}([0-9A-Z]{6,8})\b/g, `$1-${mark}$2`);
  const { stream, data, meta } = event;
  return { ...event, stream: inText(stream), data: inText(data), meta: inText(meta) };
}
