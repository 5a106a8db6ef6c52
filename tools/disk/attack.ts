/**
 * The frame of the programs that do violence to a board: their common options, progress on stderr,
 * a verdict on stdout, and an exit code that says whether the board held.
 */
import { Command } from 'commander';
import { startProgress } from '../trial/progress.ts';
import { withDirectory } from '../trial/scratch.ts';

/** What came out. */
export interface Verdict {
  /** What was counted, under the name of what it counts. */
  readonly figures: Readonly<Record<string, number>>;
  /** Every way in which the board did not hold, a sentence each. */
  readonly broken: readonly string[];
  /** Why it could not be tried on this machine; nothing was tried then. */
  readonly skipped?: string;
}

/** What a program is given beside its own options. */
export interface AttackContext {
  readonly seed: number;
  /** An empty directory, removed afterwards. */
  readonly directory: string;
  /** Tells how far it has come. */
  progress(done: number, total: number): void;
}

/** One such program. */
export interface Attack<Options> {
  readonly name: string;
  readonly description: string;
  /** Adds its own options. */
  declare(command: Command): Command;
  run(options: Options, context: AttackContext): Promise<Verdict>;
}

/** Runs the program with the arguments of this process. */
export async function runAttack<Options>(attack: Attack<Options>): Promise<void> {
  const command = attack
    .declare(new Command(attack.name).description(attack.description))
    .option('--seed <n>', 'the same seed makes the same choices', Number, 1)
    .option('--json', 'the verdict as one JSON document')
    .parse();
  const options = command.opts<Options & { seed: number; json?: boolean }>();
  const startedAtMs = performance.now();
  const { seed } = options;
  const verdict = await withDirectory(attack.name, (directory) =>
    withProgress(attack.name, (progress) => attack.run(options, { seed, directory, progress })),
  );
  const tookMs = Math.round(performance.now() - startedAtMs);
  const told = { program: attack.name, seed, tookMs, ...verdict };
  console.log(options.json === true ? JSON.stringify(told) : inWords(told));
  process.exitCode = verdict.broken.length === 0 ? 0 : 1;
}

async function withProgress<T>(
  what: string,
  work: (progress: AttackContext['progress']) => Promise<T>,
): Promise<T> {
  const { reach, stop } = startProgress(what, 0);
  try {
    return await work(reach);
  } finally {
    stop();
  }
}

function inWords(told: Verdict & { program: string; seed: number; tookMs: number }): string {
  const { program, seed, tookMs, figures, broken, skipped } = told;
  if (skipped !== undefined) return `${program} skipped: ${skipped}`;
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const lines = Object.entries(figures).map(
    ([name, value]) => `  ${name.padEnd(width)}  ${value.toLocaleString('en-US')}`,
  );
  const shown = broken.slice(0, 20).map((each) => `  ✗ ${each}`);
  const end = broken.length === 0 ? 'It held' : `IT DID NOT HOLD, ${broken.length} times`;
  const seconds = (tookMs / 1_000).toFixed(1);
  return [...lines, ...shown, `${end}: ${program}, seed ${seed}, ${seconds} s.`].join('\n');
}
