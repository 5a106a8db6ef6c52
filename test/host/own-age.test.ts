/** The age of this process, which a machine that sleeps does not shorten. */
import { expect, it } from 'vitest';
import { createOwnAge } from '../../src/host/own-age.ts';

const hourMs = 3_600_000;

/** Two clocks that a test moves; that of the boot is an hour ahead. */
function clocks() {
  const at = { bootMs: (hourMs + 250) as number | undefined, upMs: 250 };
  return { at, ageMs: createOwnAge({ bootMs: () => at.bootMs, upMs: () => at.upMs }) };
}

it('counts the time in which the machine was suspended', () => {
  const { at, ageMs } = clocks();
  expect(ageMs()).toBe(250);

  Object.assign(at, { bootMs: 3 * hourMs + 1_250, upMs: 1_250 });

  expect(ageMs()).toBe(2 * hourMs + 1_250);
});

it('goes on where the clock of the boot cannot be read, from the last time it was', () => {
  const { at, ageMs } = clocks();
  at.bootMs = 2 * hourMs + 250;
  expect(ageMs()).toBe(hourMs + 250);

  Object.assign(at, { bootMs: undefined, upMs: 1_250 });

  expect(ageMs()).toBe(hourMs + 1_250);
});

it('is that of the process itself, give or take what reading the clocks takes', () => {
  const ageMs = createOwnAge();

  expect(Math.abs(ageMs() - process.uptime() * 1000)).toBeLessThan(1_000);
});
