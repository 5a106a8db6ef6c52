/**
 * `npm run leaks [-- --workers 10000] [--json]`: what a dispatcher holds on to while workers come
 * and go: memory, open files, zombies. The exit code says whether files and zombies are none the
 * more at the end, and memory within 5 % of what it was when half of the workers had gone.
 *
 * With `--streams 100` instead: what a server holds on to for clients that ask for its events and
 * take none. The exit code says whether all of them are cut off.
 */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type Look, live } from './leaks/fleet-life.ts';
import { type StalledLook, stall } from './leaks/stalled-streams.ts';
import { startProgress } from './trial/progress.ts';
import { withDirectory } from './trial/scratch.ts';

interface Options {
  readonly workers: number;
  readonly streams?: number;
  readonly json?: boolean;
}

/** How often it is looked. */
const looks = 20;

/** How often events are written that nobody takes. */
const stalledLooks = 4;

/** How much memory may grow in the second half, as a share. */
const growthMax = 0.05;

const options = new Command('leaks')
  .description('Starts workers by the thousand, and looks what their dispatcher holds on to.')
  .option('--workers <n>', 'workers that come and go', Number, 10_000)
  .option('--streams <n>', 'instead of workers: streams of events that nobody reads', Number)
  .option('--json', 'all that was seen, as one JSON document')
  .parse()
  .opts<Options>();

const { streams } = options;
process.exitCode = await withDirectory('leaks', (directory) =>
  streams === undefined ? main(directory, options) : stalled(directory, { ...options, streams }),
);

async function main(directory: string, { workers, json }: Options): Promise<number> {
  const program = fileURLToPath(new URL('./trial/dispatcher-process.js', import.meta.url));
  const progress = startProgress('looks', looks);
  try {
    const crew = Math.ceil(workers / looks);
    const seen = await live({ directory, program, crew, looks, onLook: progress.advance });
    progress.stop();
    const verdict = judge(seen);
    if (json) console.log(JSON.stringify({ ...verdict, looks: seen }, null, 2));
    else tell(seen, verdict);
    return verdict.isKept ? 0 : 1;
  } finally {
    progress.stop();
  }
}

async function stalled(
  directory: string,
  { streams, json }: Options & { readonly streams: number },
): Promise<number> {
  const progress = startProgress('looks', stalledLooks + 2);
  try {
    const seen = await stall({ directory, streams, looks: stalledLooks, onLook: progress.advance });
    progress.stop();
    const isKept = seen.at(-1)?.streams === 0;
    if (json) console.log(JSON.stringify({ isKept, looks: seen }, null, 2));
    else tellStalled(seen, isKept);
    return isKept ? 0 : 1;
  } finally {
    progress.stop();
  }
}

function tellStalled(seen: readonly StalledLook[], isKept: boolean): void {
  console.table(seen.map(({ when, streams, ...look }) => ({ when, streams, ...inWords(look) })));
  console.log(isKept ? 'all are cut off' : 'SOME ARE STILL SERVED');
}

/** What the second half of the looks says; the first one is taken up by warming up. */
function judge(seen: readonly Look[]) {
  const half = seen[Math.floor(seen.length / 2)];
  const last = seen.at(-1);
  if (half === undefined || last === undefined) throw new Error('nothing was seen');
  const growth = last.rssBytes / half.rssBytes - 1;
  const filesMore = last.openFiles - half.openFiles;
  const zombiesMax = Math.max(...seen.map(({ zombies }) => zombies));
  const isKept = growth <= growthMax && filesMore <= 0 && zombiesMax <= 1;
  return { growth, filesMore, zombiesMax, isKept };
}

function inWords({ atMs, rssBytes, openFiles }: Omit<Look, 'workers' | 'zombies'>) {
  return {
    seconds: Math.round(atMs / 1_000),
    'memory MiB': Math.round(rssBytes / 2 ** 20),
    'open files': openFiles,
  };
}

function tell(seen: readonly Look[], { growth, isKept }: ReturnType<typeof judge>): void {
  console.table(
    seen.map(({ workers, zombies, ...look }) => ({ workers, ...inWords(look), zombies })),
  );
  const share = `${(growth * 100).toFixed(1)} %`;
  console.log(
    `${isKept ? 'nothing leaks' : 'SOMETHING LEAKS'}: memory ${share} in the second half`,
  );
}
