/** `hosts`: the machines that serve this board, and what runs on each. */
import type { Command } from 'commander';
import { dispatchersSeen, hostsSeen, type SeenHost } from '../../app/fleet.ts';
import { hostJson } from '../../wire/host-json.ts';
import { plainLine } from '../sanitize.ts';
import { type Column, renderTable } from '../table.ts';
import { relativeTime } from '../time.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly all?: true;
}

/** Lists hosts. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard hosts', 'those with a dispatcher or an open run'],
    ['logboard hosts --all', 'those that have left, too'],
  ],
};

const columns: readonly Column[] = [
  { head: 'HOST' },
  { head: 'DISPATCHERS', align: 'right' },
  { head: 'RUNNING', align: 'right' },
  { head: 'LAST SIGN' },
  { head: 'STARTS WORKERS FOR', stretch: true },
];

function configure(command: Command): void {
  command.option('--all', 'those that have left, too');
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const on = await context.onBoard('read');
  const nowMs = on.board.nowMs();
  const queries = await on.board.read();
  const dispatchers = dispatchersSeen(queries.dispatchers(), on.board.probeDispatcher);
  const seen = { dispatchers, openRuns: queries.openRuns() };
  const hosts = hostsSeen(seen, { all: options.all ?? false });
  return {
    json: () => hosts.map(hostJson),
    text: () =>
      hosts.length === 0
        ? ''
        : renderTable(
            columns,
            hosts.map((host) => cells(host, nowMs)),
            on.style,
          ),
    notes: notes(hosts, dispatchers.length).map((note) => on.talk.paint('dim', note)),
  };
}

function cells({ host, serving, running, assignees, lastSignAtMs }: SeenHost, nowMs: number) {
  return [
    plainLine(host),
    `${serving.length}`,
    `${running}`,
    relativeTime(lastSignAtMs, nowMs),
    plainLine(assignees.join(', ') || '–'),
  ];
}

function notes(hosts: readonly SeenHost[], known: number): readonly string[] {
  if (hosts.length === 0) {
    return [known === 0 ? 'No host has served this board yet.' : 'No host serves this board now.'];
  }
  const deserted = hosts.filter(({ serving, running }) => serving.length === 0 && running > 0);
  if (deserted.length === 0) return [];
  const where = deserted.map(({ host }) => plainLine(host)).join(', ');
  return [`Runs on ${where} are reclaimed when their leases are over: no dispatcher is there.`];
}
