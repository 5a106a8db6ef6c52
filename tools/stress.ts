/**
 * `npm run stress -- <shape|all> [--seed N] [--seconds S] [--scale X] [--json]`: several real
 * processes over one real board, in shapes that try hard to break a promise.
 *
 * Whatever the shape, the log must keep its invariants, every answer that a process was given must
 * be explained by some order of all that was done, and what was accepted must be in the log. The
 * exit code says whether it is so. The seed decides what the processes choose, not how they meet.
 */
import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import type { Measures } from './stress/hand.ts';
import { type Played, playShape } from './stress/play.ts';
import type { Shape } from './stress/shape.ts';
import { shapes } from './stress/shapes.ts';
import { withDirectory } from './trial/scratch.ts';

interface Options {
  readonly seed: number;
  readonly seconds?: number;
  readonly scale: number;
  readonly json?: boolean;
}

const program = fileURLToPath(new URL('./stress/stress-process.js', import.meta.url));

/** Problems that are told of one shape. */
const problemsMax = 20;

await main();

async function main(): Promise<void> {
  const command = new Command('stress')
    .description('Plays shapes of load on real boards, with real processes.')
    .addArgument(new Argument('<shape>', 'which to play').choices(['all', ...Object.keys(shapes)]))
    .option('--seed <n>', 'decides what the processes choose', Number, 1)
    .option('--seconds <s>', 'for how long at most, instead of what the shape says', Number)
    .option('--scale <x>', 'as many times the tasks', Number, 1)
    .option('--json', 'what came of it as one JSON document')
    .parse();
  const options = command.opts<Options>();
  const played: Played[] = [];
  for (const shape of chosen(command.args[0] ?? '')) {
    played.push(await play(shape, options));
    if (options.json !== true) tell(played.at(-1)!, shape);
  }
  if (options.json === true) console.log(JSON.stringify(played, null, 2));
  if (played.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
}

function chosen(name: string): readonly Shape[] {
  return Object.values(shapes).filter((shape) => name === 'all' || name === shape.name);
}

function play(shape: Shape, options: Options): Promise<Played> {
  const measures = measuresOf(shape, options);
  return withDirectory(`stress-${shape.name}`, (directory) =>
    playShape(shape, { directory, program, seed: options.seed, measures }),
  );
}

function measuresOf({ full }: Shape, { seconds, scale }: Options): Measures {
  return {
    ...full,
    tasks: Math.max(1, Math.round(full.tasks * scale)),
    forMs: seconds === undefined ? full.forMs : seconds * 1_000,
  };
}

function tell({ shape, seed, measures, figures, problems }: Played, { about }: Shape): void {
  const { processes, tasks } = measures;
  console.log(`${shape}: ${processes} processes, ${tasks} tasks, seed ${seed}; ${about}`);
  for (const [name, figure] of Object.entries(figures)) {
    if (figure !== 0 || name === 'staleAccepted') console.log(`  ${name.padEnd(20)}${figure}`);
  }
  for (const problem of problems.slice(0, problemsMax)) console.log(`  ! ${problem}`);
  if (problems.length > problemsMax) console.log(`  ! and ${problems.length - problemsMax} more`);
  console.log(problems.length === 0 ? '  everything holds' : `  ${problems.length} problems`);
}
