/**
 * What the demo leaves: the checks, the report, the story of the frozen worker, what to try next.
 */
import { join } from 'node:path';
import type { Root } from '../../src/cli/root.ts';
import { logboard } from './command-line.ts';
import { type Cast, configurationPath } from './plan.ts';
import type { Check } from './verdict.ts';

/** How the demo went. */
export interface Outcome {
  /** The board's directory. */
  readonly directory: string;
  readonly cast: Cast;
  readonly checks: readonly Check[];
}

/** How the demo is to end. */
export interface Ending {
  readonly asJson: boolean;
  /** The board is served when all of it holds. */
  readonly isServed: boolean;
  /** How long the story took, in ms. */
  readonly tookMs: number;
}

/** Prints the outcome, for people or as one JSON document. */
export async function printOutcome(
  house: Root,
  { directory, cast, checks }: Outcome,
  { asJson, isServed, tookMs }: Ending,
): Promise<void> {
  const report = join(directory, 'report', 'report.md');
  const ok = checks.every((check) => check.ok);
  if (asJson) {
    const tasks = { ...cast };
    console.log(
      JSON.stringify({ ok, tookMs: Math.round(tookMs), board: directory, report, tasks, checks }),
    );
    return;
  }
  console.log(`\nThe frozen worker's task, as the log tells it:\n`);
  await logboard(house, ['timeline', cast.frozen, '--board', directory]);
  console.log('\nWhat must hold:\n');
  for (const check of checks)
    console.log(`  ${check.ok ? '✓' : '✗'} ${check.what} (${check.found})`);
  console.log(`\n${ok ? 'All of it holds' : 'NOT ALL OF IT HOLDS'}, after ${seconds(tookMs)}.`);
  console.log(`Report: ${report}\n\nTry next${isServed ? ', in another terminal' : ''}:\n`);
  const next = [...(isServed ? [] : [serving(directory)]), ...nextCommands(directory, cast)];
  for (const line of next) console.log(`  npm run -s logboard -- ${line}`);
}

/** With the workers of the demo, so that what is started anew finds somebody. */
function serving(directory: string): string {
  return `serve --board ${directory} --config ${configurationPath(directory)}`;
}

function nextCommands(directory: string, cast: Cast): readonly string[] {
  const on = `--board ${directory}`;
  return [
    `list ${on}`,
    `why ${cast.frozen} ${on}`,
    `timeline --html demo.html ${on}`,
    `replay --speed 2 ${on}`,
    `whatif --claim-ttl 1s..20s/5 ${on}`,
    `review ${cast.review} --approve ${on}`,
    `unblock ${cast.broken} ${on}`,
    `verify ${on}`,
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
