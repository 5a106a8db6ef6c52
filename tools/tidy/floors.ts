/**
 * The floors of the house: a file imports only from its own room and from rooms below it. And no
 * file imports itself by way of others, not even for a type.
 */
import { basename } from 'node:path';
import type { Finding, House, HouseRule, Import, Source } from './source.ts';

const ground = ['domain', 'sqlite'];
const belowApp = [...ground, 'log', 'projections'];
const belowDoors = [...belowApp, 'app'];
const belowWire = [...belowDoors, 'nearest', 'config'];
const doorNeeds = [...belowWire, 'wire', 'outcome'];

/** What each room may import from, besides itself; `test` and `tools` stand outside and see all. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  // Draws lives as bars over time, on a page from disk and on the page of the server.
  gantt: [],
  sqlite: [],
  log: ground,
  projections: [...ground, 'log'],
  app: belowApp,
  outcome: belowDoors,
  // What all doors answer with, written once.
  wire: belowWire,
  dispatcher: belowDoors,
  nearest: [],
  config: ['domain', 'dispatcher', 'nearest'],
  // Implements the ports of the floors below; the dispatcher gets it from main, as arguments.
  host: [...belowDoors, 'dispatcher'],
  // A worker's side of the HTTP door: supervises as the dispatcher does, without a log.
  remote: [...belowDoors, 'dispatcher'],
  cli: [...doorNeeds, 'gantt'],
  http: doorNeeds,
  mcp: doorNeeds,
  // It runs in browsers: what it shares with the server is the folds, and no more.
  web: ['domain', 'gantt'],
  main: [...doorNeeds, 'dispatcher', 'remote', 'host', 'cli', 'http', 'mcp'],
  index: [...doorNeeds, 'main'],
  bin: [...doorNeeds, 'main', 'cli'],
};

/** Finds imports that lead upwards, sideways, or out of the house. */
export const floors: HouseRule = function* ({ sources }) {
  for (const source of sources) {
    const room = roomOf(source.file);
    if (room === 'test' || room === 'tools') continue;
    const allowed = FLOORS[room];
    if (allowed === undefined) {
      const message = `"${room}" is no room of the house; give it a floor in tools/tidy/floors.ts`;
      yield { file: source.file, line: 1, rule: 'floors', message };
      continue;
    }
    for (const { target, specifier, line } of source.imports) {
      const other = target === undefined ? room : roomOf(target);
      if (other === room || allowed.includes(other)) continue;
      const message = `${room} must not import from ${other} (${specifier})`;
      yield { file: source.file, line, rule: 'floors', message };
    }
  }
};

/** Finds import cycles; each is told once, at the import that closes it. */
export const cycles: HouseRule = function* (house) {
  const visited = new Set<string>();
  for (const source of house.sources) yield* cyclesFrom(source, [], { house, visited });
};

interface Walk {
  readonly house: House;
  readonly visited: Set<string>;
}

function* cyclesFrom(source: Source, path: readonly string[], walk: Walk): Iterable<Finding> {
  if (walk.visited.has(source.file)) return;
  walk.visited.add(source.file);
  const here = [...path, source.file];
  for (const edge of source.imports) {
    const start = here.indexOf(edge.target ?? '');
    if (start >= 0) yield closing(source, edge, here.slice(start));
    const next = walk.house.sources.find(({ file }) => file === edge.target);
    if (next !== undefined) yield* cyclesFrom(next, here, walk);
  }
}

function closing({ file }: Source, { line }: Import, cycle: readonly string[]): Finding {
  const names = [...cycle, cycle[0]].join(' → ');
  return { file, line, rule: 'cycles', message: `these files import each other: ${names}` };
}

/** `src/log/codec.ts` stands in "log", `src/main.ts` is a room of its own. */
function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  return top === 'src' ? basename(second, '.ts') : top;
}
