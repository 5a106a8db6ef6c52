/** The board that the demo leaves: real workers, of which one was killed and one frozen. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRoot } from '../../src/main.ts';
import { chooseFolders } from '../../tools/demo/folders.ts';
import type { Outcome } from '../../tools/demo/outcome.ts';
import type { Cast, ProgramOf } from '../../tools/demo/plan.ts';
import { play } from '../../tools/demo/play.ts';
import { bundleChild } from './child.ts';
import { tempDir } from './temp-dir.ts';

/** Where the board is, and which of its tasks had a part in the story. */
export interface DemoBoard {
  readonly directory: string;
  readonly cast: Cast;
  /** What was looked at in the end, and whether it was as it must be. */
  readonly checks: Outcome['checks'];
}

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Folders surveyed: enough that several are under way when one worker is killed. */
const folders = 6;

/**
 * Plays the demo, which takes about fifteen seconds, with `settings` in its environment; by default
 * in a place that goes when the test is over.
 */
export async function playDemo(
  settings: Readonly<Record<string, string>> = {},
  place = tempDir(),
): Promise<DemoBoard> {
  const programOf = await demoPrograms();
  const directory = join(place, 'board');
  const root = source('src');
  const environment = { ...process.env, ...settings, LOGBOARD_HOME: join(directory, 'home') };
  const house = createRoot({ environment, directory: root, userHome: directory });
  const { cast, checks } = await play(house, {
    directory,
    root,
    folders: chooseFolders(root, folders),
    say: () => {},
    programOf,
  });
  return { directory, cast, checks };
}

/** Makes the programs of the demo's workers; answers where each is. */
export async function demoPrograms(): Promise<ProgramOf> {
  const names = ['survey', 'report', 'review'];
  const made = names.map(async (name) => [name, await program(name)] as const);
  const programs = new Map(await Promise.all(made));
  return (name) => programs.get(name) ?? '';
}

function program(name: string): Promise<string> {
  return bundleChild(source(`tools/demo/workers/${name}.ts`));
}
