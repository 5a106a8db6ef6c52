/**
 * Durations to try out: `30s`, `30s,1m,2m`, `30s..10m` (steps that grow by the same factor; from 0
 * on, even ones), `30s..10m/8` (so many of them).
 */
import { InvalidArgumentError } from 'commander';
import { durationMsMax } from '../domain/limits.ts';
import { parseDuration } from './time.ts';

/** What was typed: the values it means, in ms, growing; ranges without a count have `steps`. */
export type DurationSteps = (steps: number) => readonly number[];

/** Most values that one option may name. */
const stepsMax = 200;

/** Reads what was typed. Throws `InvalidArgumentError`. */
export function durationSteps(text: string): DurationSteps {
  const parts = text.split(',').map((part) => read(part.trim()));
  return (steps) => {
    const values = parts.flatMap((part) => part(steps));
    return [...new Set(values)].sort((one, other) => one - other);
  };
}

function read(part: string): DurationSteps {
  const match = /^(.+?)\.\.(.+?)(?:\/(.*))?$/.exec(part);
  if (match === null) {
    const value = duration(part);
    return () => [value];
  }
  const [low, high] = [duration(match[1] ?? ''), duration(match[2] ?? '')];
  if (low === high) throw new InvalidArgumentError(`${part} is an empty range: say ${match[1]}.`);
  if (low > high) {
    throw new InvalidArgumentError(`${part} ends before it begins: ${match[2]}..${match[1]}?`);
  }
  const given = match[3] === undefined ? undefined : stepCount(match[3]);
  return (steps) => spread(low, high, given ?? steps);
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new InvalidArgumentError(
      `${JSON.stringify(text)} is no duration: give 30s, 30s,1m,2m, 30s..10m or 30s..10m/8.`,
    );
  }
  if (ms > durationMsMax) throw new InvalidArgumentError('A duration is at most ten years.');
  return ms;
}

function stepCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 2 && count <= stepsMax) return count;
  throw new InvalidArgumentError(`A range has 2 to ${stepsMax} steps: 30s..10m/8.`);
}

function spread(low: number, high: number, steps: number): readonly number[] {
  const last = Math.max(1, steps - 1);
  const at = (step: number) =>
    low === 0 ? (high * step) / last : low * (high / low) ** (step / last);
  const inner = Array.from({ length: Math.max(0, last - 1) }, (_, step) => rounded(at(step + 1)));
  return [low, ...inner.filter((value) => value > low && value < high), high];
}

/** Grains that people count in, in ms. */
const grains = [
  ...[1, 10, 100, 500, 1_000, 5_000, 15_000, 30_000],
  ...[60_000, 300_000, 900_000, 3_600_000, 86_400_000],
];

/** To a grain of a tenth of the value or finer, so that 108.6 s is 1m50s. */
function rounded(ms: number): number {
  const grain = grains.findLast((size) => size <= ms / 10) ?? 1;
  return Math.round(ms / grain) * grain;
}
