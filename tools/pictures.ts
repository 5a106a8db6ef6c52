/**
 * `npm run pictures [-- --into DIR]`: the pictures of the page in `docs/pictures`, taken of a board
 * on which a release is in the making. Nothing works on it: all that it shows was told beforehand.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { createRoot } from '../src/main.ts';
import { assignees, type Cast, furnish } from './pictures/furnish.ts';
import { shoot } from './pictures/shoot.ts';

const program = new Command('pictures')
  .description('Takes the pictures of the page that stand in docs/.')
  .option('--into <dir>', 'where they go', 'docs/pictures')
  .parse();

const home = mkdtempSync(join(tmpdir(), 'logboard-pictures-'));
try {
  await main(resolve(program.opts<{ into: string }>().into));
} finally {
  rmSync(home, { recursive: true });
}

async function main(into: string): Promise<void> {
  const directory = join(home, 'board');
  const cast = await furnish(directory);
  const file = join(home, 'logboard.yaml');
  const worker = { run: ['true'] };
  writeFileSync(
    file,
    stringify({ workers: Object.fromEntries(assignees.map((a) => [a, worker])) }),
  );
  for (const path of await takePictures({ directory, cast, file }, into)) console.log(path);
}

interface Scenery {
  readonly directory: string;
  readonly cast: Cast;
  /** The configuration. */
  readonly file: string;
}

async function takePictures({ directory, cast, file }: Scenery, into: string) {
  const environment = { ...process.env, LOGBOARD_HOME: join(home, 'home') };
  const house = createRoot({ environment, directory: home, userHome: home });
  const config = await house.loadConfig(file);
  const { policy } = config;
  const board = await house.openBoard(directory, { access: 'write', policy });
  const door = await house.openDoor(
    {
      ...{ board, directory, config: () => config, label: 'release', operatorName: 'ada' },
      plan: async () => ({ actions: [], waits: [] }),
      report: (what, facts) => console.error(what, facts),
    },
    { host: '127.0.0.1', port: 0, orAnyPort: true, allowRemote: false, knownAs: [] },
  );
  try {
    const { address } = door;
    return await shoot({ address, cast, link: () => `${address}/#code=${door.newCode()}` }, into);
  } finally {
    await door.close();
    await board.close();
  }
}
