/** A board with a dispatcher at work in this process, as `logboard serve` has it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Board } from '../../src/app/board.ts';
import type { JsonObject } from '../../src/domain/limits.ts';
import { createRoot } from '../../src/main.ts';

/** A board whose dispatcher is at work. */
export interface FleetAtWork {
  readonly board: Board;
  /** Starts nothing more, and closes the board. */
  stop(): Promise<void>;
}

/** Opens a board and starts to dispatch workers that do nothing. */
export async function startFleet(
  directory: string,
  how: {
    maxRunning: number;
    report(what: string, facts: JsonObject): void;
  },
): Promise<FleetAtWork> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'logboard.yaml');
  const workers = { nothing: { run: ['true'], onExit: { '0': 'complete' } } };
  writeFileSync(file, stringify({ maxRunning: how.maxRunning, drainMs: 100, workers }));
  const root = createRoot({
    environment: { ...process.env, LOGBOARD_HOME: join(directory, 'home') },
    directory,
    userHome: homedir(),
  });
  const config = await root.loadConfig(file);
  const board = await root.openBoard(directory, { access: 'create', policy: config.policy });
  await board.read();
  const serving = new AbortController();
  const fleet = await root.fleet();
  const place = { board, directory, config: () => config, report: how.report };
  const served = fleet.serve(place, serving.signal);
  return {
    board,
    stop: async () => {
      serving.abort();
      await served;
      await board.close();
    },
  };
}
