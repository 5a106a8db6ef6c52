/**
 * `npm run demo [-- --path DIR] [--board DIR] [--headless] [--json]`: Logboard at its main job.
 *
 * Real worker processes survey a source tree: each measures one folder, and a report is written
 * from what all of them handed on. On the way one worker is killed, one is frozen until another has
 * done its work, one task always fails, and one waits for a person. In the end everything that must
 * hold is checked; the exit code says whether it does.
 */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import type { Root } from '../src/cli/root.ts';
import { streams } from '../src/domain/catalogue.ts';
import { createRoot } from '../src/main.ts';
import { chooseFolders } from './demo/folders.ts';
import { freezeOnce, isOn, killOnce } from './demo/incidents.ts';
import { createNarrator, type Say } from './demo/narrator.ts';
import { type Outcome, printOutcome } from './demo/outcome.ts';
import { type Cast, configuration, createTasks } from './demo/plan.ts';
import { checkBoard, checkStory } from './demo/verdict.ts';
import { type Watch, watchBoard } from './demo/watch.ts';

interface Options {
  readonly path: string;
  readonly board?: string;
  readonly headless?: boolean;
  readonly json?: boolean;
}

/** Folders surveyed at the most. */
const foldersMax = 12;
/** When the story is given up, in ms: a demo that hangs is worse than one that fails. */
const patienceMs = 90_000;

const options = new Command('demo')
  .description('Surveys a source tree with real workers, some of which come to grief.')
  .option('--path <dir>', 'the tree to survey', process.cwd())
  .option('--board <dir>', 'keep the board in this directory (default: a temporary one)')
  .option('--headless', 'no progress lines, only the outcome')
  .option('--json', 'the outcome as one JSON document')
  .parse()
  .opts<Options>();

process.exitCode = await main(options);

async function main({ path, board: wanted, headless, json }: Options): Promise<number> {
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
  if (house.hasBoard(directory)) throw new Error(`${directory} holds a board already.`);
  const folders = chooseFolders(root, foldersMax);
  if (folders.length < 2) throw new Error(`${root} has fewer than two folders with source files.`);
  say('·', `surveying ${folders.length} folders of ${root}, board in ${directory}`);
  const outcome = await play(house, { directory, root, folders, say });
  const tookMs = performance.now() - startedMs;
  await printOutcome(house, { ...outcome, tookMs }, json === true);
  return outcome.checks.every((check) => check.ok) ? 0 : 1;
}

interface Stage {
  readonly directory: string;
  readonly root: string;
  readonly folders: ReturnType<typeof chooseFolders>;
  readonly say: Say;
}

/** Sets the stage, lets the story happen, and looks at what it left. */
async function play(house: Root, stage: Stage): Promise<Outcome> {
  const { directory, root, folders, say } = stage;
  const configPath = join(directory, 'logboard.yaml');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(configPath, configuration());
  const config = await house.loadConfig(configPath);
  const board = await house.openBoard(directory, { access: 'create', policy: config.policy });
  const stop = new AbortController();
  const watch = watchBoard(
    { root: house, log: board.log, signal: stop.signal },
    createNarrator(say),
  );
  try {
    const commands = board.as({ actor: { kind: 'human', id: 'demo' }, surface: 'sdk' });
    await commands.changeBoard({ type: 'CreateBoard', name: 'demo', epoch: board.log.epoch });
    const name = basename(root);
    const cast = await createTasks(commands, { root, name, board: directory, folders });
    const fleet = await house.fleet();
    const serving = new AbortController();
    const served = fleet.serve({ board, directory, config, report: () => {} }, serving.signal);
    await inTime(perform(watch, cast, say));
    serving.abort();
    await served;
    const story = checkStory(await board.read(), cast, board.nowMs());
    const sound = await checkBoard(await house.upkeep(), directory, pidsOf(watch));
    return { directory, cast, checks: [...story, ...sound] };
  } finally {
    stop.abort();
    await board.close();
  }
}

/** Everything that is to happen, incidents included. */
async function perform(watch: Watch, cast: Cast, say: Say): Promise<void> {
  await Promise.all([
    killOnce(watch, cast.killed, say),
    freezeOnce(watch, cast.frozen, say),
    watch.until(isOn(streams.task(cast.broken), 'TaskHalted')),
    watch.until(isOn(streams.task(cast.review), 'ReviewRequested')),
  ]);
  await allGone(pidsOf(watch));
}

/** Workers that said their last word still take a moment to leave. */
async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => existsSync(`/proc/${pid}`))) await pause(50);
}

async function inTime(story: Promise<void>): Promise<void> {
  const giveUp = new AbortController();
  const late = pause(patienceMs, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`The story did not come to its end within ${patienceMs / 1_000} s.`);
  });
  late.catch(() => {});
  await Promise.race([story, late]).finally(() => giveUp.abort());
}

function pidsOf(watch: Watch): readonly number[] {
  return watch.events.flatMap((event) => (event.type === 'WorkerSpawned' ? [event.data.pid] : []));
}
