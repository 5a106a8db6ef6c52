/** `events`: the log as it is, one JSON document a line. */
import { type Command, Option } from 'commander';
import type { Position, StoredEvent } from '../../log/event-log.ts';
import { pagesOf, pagesOfStream } from '../../log/pages.ts';
import { exitCodes } from '../../outcome.ts';
import { eventJson } from '../../wire/event-json.ts';
import { followLog } from '../follow-log.ts';
import { count, position } from '../parsers.ts';
import { jsonText } from '../sanitize.ts';
import type { BoardContext, Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly after: Position;
  readonly limit?: number;
  readonly stream?: string;
  readonly follow?: true;
}

/** Prints events. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard events --after 1200 --limit 50', 'fifty events after a position'],
    ['logboard events --stream task-T-0A1B2C3D4E', 'one stream'],
    ['logboard events -f | jq -r .type', 'everything that happens from now on, and before'],
  ],
};

function configure(command: Command): void {
  command
    .addOption(
      new Option('--after <position>', 'begin after this place; default 0: the whole log')
        .default(0)
        .argParser(position),
    )
    .option('--limit <n>', 'at most this many', count)
    .option('--stream <name>', 'only this stream')
    .option('-f, --follow', 'go on with what happens, until stopped');
}

async function run(context: Context, { options }: Input<Options>): Promise<Result> {
  const on = await context.onBoard('read');
  const { follow = false, limit = Number.POSITIVE_INFINITY } = options;
  const stopped = on.io.untilStopped();
  let left = limit;
  for await (const page of pages(on, options, stopped)) {
    const wanted = page.filter((event) => isWanted(event, options)).slice(0, left);
    for (const event of wanted) on.io.stdout.write(`${jsonText(eventJson(event))}\n`);
    await on.io.stdout.drained?.();
    left -= wanted.length;
    if (left <= 0) return {};
  }
  return follow ? { exit: exitCodes.interrupted } : {};
}

function pages(on: BoardContext, options: Options, stopped: AbortSignal) {
  const { after, follow, stream } = options;
  if (follow) return followLog(on, after, stopped);
  const { log } = on.board;
  const wanted = stream === undefined ? pagesOf(log, { after }) : pagesOfStream(log, stream);
  return untilStopped(wanted, stopped);
}

function isWanted(event: StoredEvent, { after, stream }: Options): boolean {
  return event.position > after && (stream === undefined || event.stream === stream);
}

/** Until the end, or until it is stopped. */
async function* untilStopped(pages: AsyncIterable<readonly StoredEvent[]>, stopped: AbortSignal) {
  for await (const page of pages) {
    if (stopped.aborted) return;
    yield page;
  }
}
