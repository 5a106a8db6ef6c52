/**
 * How the demo ends: with what it came to, and, for somebody at a terminal, with the page of its
 * board, which is there until Ctrl-C.
 */
import type { Root } from '../../src/cli/root.ts';
import { logboard } from './command-line.ts';
import { type Ending, type Outcome, printOutcome } from './outcome.ts';
import { configurationPath } from './plan.ts';

/** Whether somebody sits here who can open a page, and end what serves it. */
export function isAttended(): boolean {
  const isAutomatic = Boolean(process.env['CI']);
  return process.stdout.isTTY === true && process.stderr.isTTY === true && !isAutomatic;
}

/** Ends the demo; resolves with its exit code. The board stays. */
export async function endDemo(house: Root, outcome: Outcome, ending: Ending): Promise<number> {
  const { directory, checks } = outcome;
  const ok = checks.every((check) => check.ok);
  const isServed = ok && ending.isServed;
  await printOutcome(house, outcome, { ...ending, isServed });
  if (!isServed) return ok ? 0 : 1;
  console.log('\nThe page, where Past goes through all of it again, step by step:\n');
  const config = configurationPath(directory);
  const exit = await logboard(house, ['serve', '--board', directory, '--config', config]);
  console.log(`\nThe board stays in ${directory}.`);
  return exit;
}
