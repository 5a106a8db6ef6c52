/**
 * The demo's story: a board with real workers, incidents on the way, and a look at what is left.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Root } from '../../src/cli/root.ts';
import { streams } from '../../src/domain/catalogue.ts';
import type { Folder } from './folders.ts';
import { freezeOnce, isOn, killOnce } from './incidents.ts';
import { createNarrator, type Say } from './narrator.ts';
import type { Outcome } from './outcome.ts';
import {
  type Cast,
  configuration,
  configurationPath,
  createTasks,
  type ProgramOf,
} from './plan.ts';
import { checkBoard, checkStory } from './verdict.ts';
import { type Watch, watchBoard } from './watch.ts';

/** When the story is given up, in ms: a demo that hangs is worse than one that fails. */
const patienceMs = 90_000;

/** Where the story plays, and who tells it. */
export interface Stage {
  readonly directory: string;
  readonly root: string;
  readonly folders: readonly Folder[];
  readonly say: Say;
  /** Where the programs of its workers are, if not beside this one. */
  readonly programOf?: ProgramOf;
}

/** Sets the stage, lets the story happen, and looks at what it left. */
export async function play(house: Root, stage: Stage): Promise<Outcome> {
  const { directory, root, folders, say } = stage;
  const configPath = configurationPath(directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(configPath, configuration(stage.programOf));
  const config = await house.loadConfig(configPath);
  const { policy, encrypt } = config;
  const board = await house.openBoard(directory, { access: 'create', policy, encrypt });
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
    const served = fleet.serve(
      { board, directory, config: () => config, report: () => {} },
      serving.signal,
    );
    // A dispatcher that cannot go on ends the story; one that ends by itself does not.
    const fault = served.then(() => new Promise<never>(() => {}));
    await inTime(Promise.race([perform(watch, cast, say), fault]));
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
