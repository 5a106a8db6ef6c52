/** Bits flip, and ends go missing: it is found, or makes no difference; no answer is wrong. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogDamaged, LogUnavailable } from '../../src/log/event-log.ts';
import type { SqliteLog } from '../../src/log/sqlite/open-log.ts';
import type { Verdict } from '../disk/attack.ts';
import { everything } from '../disk/check-log.ts';
import { numbered } from '../disk/numbered.ts';
import { openLog } from '../disk/open-log.ts';
import { createChance } from '../trial/chance.ts';
import { type PartOf, readParts } from './pages.ts';

/** What to damage. */
export interface BitRotRequest {
  /** Events in the log; 600 make it 200 KB large. */
  readonly events: number;
  /** Writes the log in place of those events. */
  readonly fill?: (log: SqliteLog) => Promise<unknown>;
  /** Every nth byte is damaged. */
  readonly step: number;
  readonly seed: number;
  /** An empty directory. */
  readonly directory: string;
  readonly onByte?: (done: number, total: number) => void;
}

/** How the log behaves that was damaged in one place. */
type Behaviour =
  | { readonly kind: 'refused at opening' | 'found when read' | 'refused at the next append' }
  | { readonly kind: 'no difference' | 'another epoch' | 'wrong answer' }
  | { readonly kind: 'untyped'; readonly error: unknown };

/** A sound log, and all that it answers. */
interface Sound {
  readonly content: Buffer;
  readonly epoch: string;
  readonly answers: string;
  readonly partOf: PartOf;
}

const streams = 20;
const truncateEveryBytes = 512;

/** Damages a log byte by byte, and cuts it off everywhere, and asks it for everything each time. */
export async function rot(request: BitRotRequest): Promise<Verdict> {
  const { step, seed, directory, onByte } = request;
  const { fill = withNumbered(request.events) } = request;
  const sound = await makeLog(directory, fill);
  const chance = createChance(seed);
  const figures: Record<string, number> = { 'bytes damaged': 0 };
  const broken: string[] = [];
  const count = (name: string) => {
    figures[name] = (figures[name] ?? 0) + 1;
  };
  const judge = (what: string, behaviour: Behaviour) => {
    if (behaviour.kind === 'wrong answer') broken.push(`${what}: a wrong answer`);
    if (behaviour.kind === 'untyped') broken.push(`${what}: ${String(behaviour.error)}`);
  };
  const total = sound.content.length;
  for (let place = chance.below(step); place < total; place += step) {
    const damaged = Buffer.from(sound.content);
    damaged[place]! ^= 1 << chance.below(8);
    const behaviour = await behaviourOf(damaged, sound, directory);
    count('bytes damaged');
    count(behaviour.kind);
    const isHarmless = behaviour.kind === 'no difference';
    if (isHarmless) count(`no difference: ${sound.partOf(place)}`);
    judge(`byte ${place}`, behaviour);
    onByte?.(place, total);
  }
  for (let end = 0; end < total; end += truncateEveryBytes * step) {
    const behaviour = await behaviourOf(sound.content.subarray(0, end), sound, directory);
    count('ends cut off');
    if (behaviour.kind === 'no difference') broken.push(`cut off at ${end}: nobody noticed`);
    judge(`cut off at ${end}`, behaviour);
  }
  return { figures, broken };
}

function withNumbered(events: number) {
  return async (log: SqliteLog) => {
    for (let index = 0; index < events; index += 1) {
      await log.append(numbered(`${index % streams}-${index}`));
    }
  };
}

async function makeLog(
  directory: string,
  fill: (log: SqliteLog) => Promise<unknown>,
): Promise<Sound> {
  const place = join(directory, 'sound');
  const log = await openLog(place);
  await fill(log);
  const answers = await answersOf(log);
  await log.close();
  const path = join(place, 'log.db');
  const content = readFileSync(path);
  return { content, answers, epoch: log.epoch, partOf: readParts(path, content) };
}

/** All that the log answers to those who ask for events. */
async function answersOf(log: SqliteLog): Promise<string> {
  const events = await everything(log);
  const names = [...new Set(events.map(({ stream }) => stream))];
  const each = await Promise.all(names.map((stream) => log.readStream(stream)));
  return JSON.stringify([events, each, await log.head()]);
}

async function behaviourOf(content: Buffer, sound: Sound, directory: string): Promise<Behaviour> {
  const place = join(directory, 'damaged');
  mkdirSync(place, { mode: 0o700 });
  writeFileSync(join(place, 'log.db'), content, { mode: 0o600 });
  // Where there is this file, there was a log.
  writeFileSync(join(place, 'wake'), '', { mode: 0o600 });
  let stage: Behaviour = { kind: 'refused at opening' };
  try {
    const log = await openLog(place);
    try {
      stage = { kind: 'found when read' };
      const { problem } = await log.verifyChain();
      if (problem !== undefined) return stage;
      if ((await answersOf(log)) !== sound.answers) return { kind: 'wrong answer' };
      stage = { kind: 'refused at the next append' };
      await log.append(numbered('next'));
      if ((await log.verifyChain()).problem !== undefined) return stage;
      return { kind: log.epoch === sound.epoch ? 'no difference' : 'another epoch' };
    } finally {
      await log.close();
    }
  } catch (error) {
    const isTyped = error instanceof LogDamaged || error instanceof LogUnavailable;
    return isTyped ? stage : { kind: 'untyped', error };
  } finally {
    rmSync(place, { recursive: true });
  }
}
