/** What `serve` says when it begins. */
import type { Config } from '../config.ts';
import { said } from '../domain/said.ts';
import type { OpenedDoor } from './root.ts';
import { plainLine } from './sanitize.ts';
import { isWatched, tellReport } from './tell-report.ts';
import type { BoardContext } from './verb.ts';

/** What is served: workers by this configuration, the door; neither has to be. */
export interface Serving {
  readonly config: Config | undefined;
  readonly door: OpenedDoor | undefined;
}

/** Says what is served, and where. */
export function greet(on: BoardContext, { config, door }: Serving): void {
  if (door !== undefined && !isWatched(on)) {
    const { address, portTaken } = door;
    tellReport(on, 'listening', { address, ...said({ portTaken }) });
  }
  if (on.isJson) return;
  const { io, talk, place: where } = on;
  const lines = [
    `${talk.paint('strong', 'logboard')} serves ${where.directory}`,
    ...(config === undefined ? [] : dispatchLines(config)),
    ...(door === undefined ? [] : doorLines(on, door)),
    talk.paint('dim', 'Ctrl-C stops it; workers go on and are taken over by the next one'),
  ];
  io.stderr.write(`${lines.join('\n')}\n`);
}

function dispatchLines(config: Config): readonly string[] {
  const names = Object.keys(config.workers).sort();
  return [
    names.length === 0
      ? 'workers   none are defined: nothing is started, open runs are watched over'
      : `workers   ${names.map(plainLine).join(', ')} (from ${config.file})`,
    `cap       ${config.policy.maxRunning} at once on this host`,
  ];
}

function doorLines({ io, talk }: BoardContext, door: OpenedDoor): readonly string[] {
  const { page, port, portTaken, tokenFile } = door;
  const token = `token     ${tokenFile}`;
  if (!page.startsWith('http')) return [`socket    ${page}`, token];
  const mark = talk.paint('warn', 'port');
  return [
    // Bookmarks and scripts still lead to the other one.
    ...(portTaken === undefined
      ? []
      : [`${mark}      ${portTaken} is taken by another program: ${port} is used`]),
    // The code is good once and for minutes; still it is no business of a log file.
    ...(io.stderr.isTerminal
      ? [`page      ${page}/#code=${door.newCode()}`]
      : [`page      ${page}`, 'sign in   with the link that `logboard sign-in` prints']),
    token,
  ];
}
