/** `dispatchers`: who starts workers on this board, where, and for whom. */
import type { Command } from 'commander';
import { type DispatcherState, dispatchersSeen, type SeenDispatcher } from '../../app/fleet.ts';
import { seenDispatcherJson } from '../../wire/dispatcher-json.ts';
import { plainLine } from '../sanitize.ts';
import type { Style, Tone } from '../style.ts';
import { type Column, renderTable } from '../table.ts';
import { relativeTime } from '../time.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly all?: true;
}

/** Lists dispatchers. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard dispatchers', 'those that have not said goodbye'],
    ['logboard dispatchers --all --json', 'every one there ever was, with its policy'],
  ],
};

const columns: readonly Column[] = [
  { head: 'DISPATCHER' },
  { head: 'STATE' },
  { head: 'SINCE' },
  { head: 'HOST' },
  { head: 'PID', align: 'right' },
  { head: 'VERSION' },
  { head: 'STARTS WORKERS FOR', stretch: true },
];

/** What tells hosts apart on a screen; all of it is in the JSON. */
const hostChars = 8;

const tones: Readonly<Record<DispatcherState, Tone>> = {
  serving: 'good',
  stopped: 'dim',
  gone: 'warn',
};

function configure(command: Command): void {
  command.option('--all', 'those that have stopped, too');
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const on = await context.onBoard('read');
  const nowMs = on.board.nowMs();
  const seen = dispatchersSeen((await on.board.read()).dispatchers(), on.board.probeDispatcher);
  const shown = options.all ? seen : seen.filter(({ state }) => state !== 'stopped');
  return {
    json: () => shown.map(seenDispatcherJson),
    text: () =>
      shown.length === 0
        ? ''
        : renderTable(
            columns,
            shown.map((each) => cells(each, on.style, nowMs)),
            on.style,
          ),
    notes: notes(shown, seen.length).map((note) => on.talk.paint('dim', note)),
  };
}

function cells({ row, state }: SeenDispatcher, style: Style, nowMs: number) {
  return [
    plainLine(row.dispatcherId),
    style.paint(tones[state], state),
    relativeTime(row.stoppedAtMs ?? row.startedAtMs, nowMs),
    plainLine(row.host.slice(0, hostChars)),
    `${row.pid}`,
    plainLine(row.programVersion),
    plainLine(row.assignees.join(', ') || '–'),
  ];
}

function notes(shown: readonly SeenDispatcher[], known: number): readonly string[] {
  if (shown.length === 0) {
    const start = 'Start one: logboard serve, or logboard dispatch.';
    return [known === 0 ? `There was no dispatcher yet. ${start}` : `None serves now. ${start}`];
  }
  const isAnyGone = shown.some(({ state }) => state === 'gone');
  const unseen = shown.filter(({ state, isSeen }) => state === 'serving' && !isSeen);
  return [
    ...(isAnyGone ? [whatGoneMeans] : []),
    ...(unseen.length > 0 ? [unseenNote(unseen)] : []),
  ];
}

const whatGoneMeans =
  'gone: left without a word; its process is no more, or its host has been started anew since.';

function unseenNote(unseen: readonly SeenDispatcher[]): string {
  const who = unseen.map(({ row }) => plainLine(row.dispatcherId)).join(', ');
  return `Not seen from here, only not heard to have stopped: ${who}.`;
}
