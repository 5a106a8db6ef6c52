/**
 * `npm run demo [-- --path DIR] [--board DIR] [--no-serve] [--headless] [--json]`: Logboard at its
 * main job.
 *
 * Real worker processes survey a source tree: each measures one folder, and a report is written
 * from what all of them handed on. On the way one worker is killed, one is frozen until another has
 * done its work, one task always fails, and one waits for a person. In the end everything that must
 * hold is checked; the exit code says whether it does. On a terminal the page of the board is then
 * served until Ctrl-C.
 */
import { mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { createRoot } from '../src/main.ts';
import { endDemo, isAttended } from './demo/ending.ts';
import { chooseFolders } from './demo/folders.ts';
import type { Say } from './demo/narrator.ts';
import { play } from './demo/play.ts';

interface Options {
  readonly path: string;
  readonly board?: string;
  /** False with `--no-serve`. */
  readonly serve: boolean;
  readonly headless?: boolean;
  readonly json?: boolean;
}

/** Folders surveyed at the most. */
const foldersMax = 12;

const program = new Command('demo')
  .description('Surveys a source tree with real workers, some of which come to grief.')
  .option('--path <dir>', 'the tree to survey', process.cwd())
  .option('--board <dir>', 'keep the board in this directory (default: a temporary one)')
  .option('--no-serve', 'end with the outcome, also on a terminal')
  .option('--headless', 'no progress lines, only the outcome; nothing is served')
  .option('--json', 'the outcome as one JSON document')
  .parse();

process.exitCode = await main(program.opts<Options>());

async function main({ path, board: wanted, serve, headless, json }: Options): Promise<number> {
  const startedMs = performance.now();
  const root = resolve(path);
  const directory = resolve(wanted ?? mkdtempSync(join(tmpdir(), 'logboard-demo-')));
  const isQuiet = headless === true || json === true;
  const say: Say = (mark, text) => {
    if (isQuiet) return;
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1).padStart(5);
    process.stdout.write(`${seconds} s  ${mark} ${text}\n`);
  };
  const house = createRoot({
    // The demo has a home of its own, so that its workers do not count against anybody's cap.
    environment: { ...process.env, LOGBOARD_HOME: join(directory, 'home') },
    directory: process.cwd(),
    userHome: homedir(),
  });
  if (house.hasBoard(directory)) return program.error(`${directory} holds a board already.`);
  const folders = chooseFolders(root, foldersMax);
  if (folders.length < 2)
    return program.error(`${root} has fewer than two folders with source files.`);
  say('·', `surveying ${folders.length} folders of ${root}, board in ${directory}`);
  const outcome = await play(house, { directory, root, folders, say });
  const tookMs = performance.now() - startedMs;
  const isServed = serve && !isQuiet && isAttended();
  return endDemo(house, outcome, { asJson: json === true, isServed, tookMs });
}
