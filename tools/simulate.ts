/**
 * `npm run simulate -- [--seeds 1000] [--seed 42] [--bug name | --bugs]`: the dispatchers, the
 * deciders and the tables at work in a world that does not keep still. Time, processes, the way to
 * the log, and everything that goes wrong come from a seed. A violation is told with its seed and
 * with the part of the history that concerns it; the exit code is then 1.
 */
import { Command, InvalidArgumentError } from 'commander';
import { noBug } from './simulate/bug.ts';
import { bugNamed, bugs } from './simulate/bugs.ts';
import { historyOf, lineOf } from './simulate/journal.ts';
import { type Story, tellStory } from './simulate/story.ts';
import { hunt, sweep } from './simulate/sweep.ts';

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly tasks?: number;
  readonly dispatchers?: number;
  readonly cluster?: true;
  readonly bug?: string;
  readonly bugs?: true;
  readonly full?: true;
  readonly json?: true;
}

const options = parse();
await main();

async function main(): Promise<void> {
  if (options.bugs) return huntAll();
  if (options.seed !== undefined) return tellOne(options.seed);
  return sweepAll();
}

function parse(): Options {
  return new Command('simulate')
    .description('Simulates dispatchers, workers and everything that can go wrong, from seeds.')
    .option('--seeds <n>', 'how many seeds', wholeNumber, 1_000)
    .option('--from <seed>', 'the first of them', wholeNumber, 1)
    .option('--seed <seed>', 'this one only, with the history of what is found', wholeNumber)
    .option('--tasks <n>', 'how many tasks, instead of what the seed draws', wholeNumber)
    .option('--dispatchers <n>', 'how many dispatchers, instead of what is drawn', wholeNumber)
    .option('--cluster', 'over a log that is not atomic')
    .option('--bug <name>', 'plant this bug first')
    .option('--bugs', 'plant every bug in turn, and say which seed finds it')
    .option('--full', 'with --seed: all of its history')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nBugs: ${bugs.map(({ name }) => name).join(', ')}`)
    .parse()
    .opts<Options>();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('must be a whole number');
}

function wanted() {
  const { tasks, dispatchers, cluster, bug } = options;
  const sizes = {
    ...(tasks === undefined ? {} : { tasks }),
    ...(dispatchers === undefined ? {} : { dispatchers }),
    isCluster: cluster ?? false,
  };
  return { sizes, bug: bug === undefined ? noBug : bugNamed(bug) };
}

async function sweepAll(): Promise<void> {
  const { seeds, from } = options;
  const swept = await sweep({ seeds, from, ...wanted(), onSeed: showProgress });
  endProgress();
  if (options.json) say(JSON.stringify({ ...swept, broken: swept.broken.map(summary) }, null, 2));
  else {
    for (const story of swept.broken) say(lineAbout(story));
    const { events, runs, virtualMs, broken } = swept;
    const days = (virtualMs / 86_400_000).toFixed(1);
    say(
      `${seeds} seeds, ${runs} runs, ${events} events, ${days} days: ${broken.length} violations`,
    );
  }
  if (swept.broken.length > 0) process.exitCode = 1;
}

async function tellOne(seed: number): Promise<void> {
  const story = await tellStory({ seed, ...wanted(), keepsJournal: true });
  const { violation, journal } = story;
  const history = violation && !options.full ? historyOf(journal, violation.about) : journal;
  if (options.json) say(JSON.stringify({ ...summary(story), history }, null, 2));
  else {
    if (violation !== undefined || options.full) for (const entry of history) say(lineOf(entry));
    say(lineAbout(story));
  }
  if (violation !== undefined) process.exitCode = 1;
}

async function huntAll(): Promise<void> {
  const found: object[] = [];
  for (const bug of bugs) {
    const story = await hunt(bug, options.seeds, options.from);
    found.push({ bug: bug.name, ...(story ? summary(story) : { seed: null }) });
    if (!options.json) say(`${bug.name.padEnd(24)} ${story ? lineAbout(story) : 'NOT FOUND'}`);
    if (story === undefined) process.exitCode = 1;
  }
  if (options.json) say(JSON.stringify(found, null, 2));
}

function summary({ journal: _journal, ...story }: Story) {
  return story;
}

function lineAbout({ seed, violation, events, runs, digest }: Story): string {
  if (violation === undefined) return `seed ${seed}: ${runs} runs, ${events} events, ${digest}`;
  const { invariant, found } = violation;
  const bug = options.bug === undefined ? '' : ` --bug ${options.bug}`;
  const how = `${options.cluster ? ' --cluster' : ''}${bug}`;
  return `seed ${seed}: [${invariant}] ${found}; npm run simulate -- --seed ${seed}${how}`;
}

function showProgress(done: number, violations: number): void {
  if (!process.stderr.isTTY || done % 10 !== 0) return;
  process.stderr.write(`\r${done} of ${options.seeds} seeds, ${violations} violations `);
}

function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
