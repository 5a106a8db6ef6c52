/**
 * What the demo leaves: the checks, the report, the story of the frozen worker, what to try next.
 */
import { join } from 'node:path';
import type { Root } from '../../src/cli/root.ts';
import { runCli } from '../../src/cli/run.ts';
import type { Cast } from './plan.ts';
import type { Check } from './verdict.ts';

/** How the demo went. */
export interface Outcome {
  /** The board's directory. */
  readonly directory: string;
  readonly cast: Cast;
  readonly checks: readonly Check[];
}

/** Prints the outcome, for people or as one JSON document. */
export async function printOutcome(
  house: Root,
  outcome: Outcome & { readonly tookMs: number },
  asJson: boolean,
): Promise<void> {
  const { directory, cast, checks, tookMs } = outcome;
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
  console.log(`Report: ${report}\n\nTry next:\n`);
  for (const line of nextCommands(directory, cast)) console.log(`  npm run -s logboard -- ${line}`);
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

async function logboard(house: Root, argv: readonly string[]): Promise<void> {
  const sink = (stream: NodeJS.WriteStream) => ({
    write: (text: string) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
  });
  await runCli(
    argv,
    {
      environment: process.env,
      directory: process.cwd(),
      userHome: '',
      stdout: sink(process.stdout),
      stderr: sink(process.stderr),
      nowMs: () => Date.now(),
      readStdin: () => Promise.resolve(''),
      untilStopped: () => new AbortController().signal,
    },
    house,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
