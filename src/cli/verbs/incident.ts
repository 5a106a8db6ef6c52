/** `incident`: what happened, in one file that others can look into. */
import type { Command } from 'commander';
import { counted } from '../../wire/counted.ts';
import { openAnswer } from '../incident-open.ts';
import { reportAnswer } from '../incident-report-answer.ts';
import { type SavedIncident, type SaveOptions, saveIncident } from '../incident-save.ts';
import { pastMoment } from '../past-moment.ts';
import { plainLine } from '../sanitize.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Saves incidents, and looks into saved ones. */
export const verb: Verb<SaveOptions> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard incident save --around T-0A1B2C3D4E', 'a task, and what it is connected with'],
    ['logboard incident save --from 02:10 --to 02:40 -o night.jsonl', 'half an hour of last night'],
    ['logboard incident open night.jsonl', 'is it sound, and what is in it?'],
    ['logboard incident report night.jsonl -o night.md', 'a post-mortem to begin with'],
    ['logboard --log night.jsonl show T-0A1B2C3D4E', 'every verb that reads looks into it'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<action>', 'save, open or report')
    .argument('[file]', 'the file to open or report on')
    .option('--around <ids...>', 'these tasks, or the tasks of these runs')
    .option('--from <moment>', 'all tasks of a window: position, ISO, 10:02, -2h', pastMoment)
    .option('--to <moment>', 'its end; default now', pastMoment)
    .option('-o, --output <file>', 'where to; default: a name that fits, or stdout for a report')
    .option('--without-text', 'leave out text that the board encrypts, and all output')
    .option('--force', 'replace a file that is there');
}

async function run(context: Context, { args, options }: Input<SaveOptions>): Promise<Result> {
  const [action, file] = args;
  if (action !== 'save' && options.withoutText) {
    throw new UsageError(
      '--without-text goes with `incident save`.',
      'Save another file with it: what is in a file is not taken out again.',
    );
  }
  if (action === 'save' && file === undefined) return save(context, options);
  if (action === 'open' && file !== undefined) return openAnswer(context, file);
  if (action === 'report') return reportAnswer(context, file, options);
  throw new UsageError(
    args.length === 1 && action === 'open'
      ? 'incident open takes a file.'
      : `There is no \`incident ${plainLine(args.join(' '))}\`.`,
    'Use `incident save --around <ids>`, `incident open <file>` or `incident report <file>`.',
  );
}

async function save(context: Context, options: SaveOptions): Promise<Result> {
  const on = await context.onBoard('read');
  const saved = await saveIncident(on, options);
  if (saved.refused) return saved;
  const { file, bytes, end, tasks } = saved;
  const did = on.style.paint('good', '✓ saved');
  const what = `${counted(tasks.length, 'task')}, ${counted(end.events, 'event')}`;
  return {
    json: () => savedJson(saved),
    text: () => `${did}  ${what} to ${plainLine(file)} (${counted(bytes, 'byte')})`,
    notes: [
      ...warningsOf(saved).map((warning) => on.talk.paint('warn', warning)),
      ...notesOf(saved).map((note) => on.talk.paint('dim', note)),
    ],
  };
}

function savedJson({ refused: _no, end, ...saved }: SavedIncident) {
  const { kind: _, ...counts } = end;
  return { ...saved, ...counts };
}

function warningsOf({ encrypted, withText }: SavedIncident): readonly string[] {
  if (encrypted === 0 || !withText) return [];
  const events = counted(encrypted, 'event');
  return [
    `! In the clear: the text of ${events} that this board encrypts; \`forget\` does not reach it.`,
    '  --without-text leaves it out.',
  ];
}

function notesOf({ end, file, encrypted, withText }: SavedIncident): readonly string[] {
  const leftOut = withText ? 0 : encrypted;
  const redacted = end.redacted - leftOut;
  return [
    ...(withText ? [] : [`Left out: the text of ${counted(leftOut, 'event')}, and all output.`]),
    redacted === 0
      ? 'No secrets were found in it; look through it all the same before you hand it on.'
      : `Secrets were taken out of ${counted(redacted, 'place')}; look through it all the same.`,
    `Look into it with \`logboard incident open ${plainLine(file)}\`.`,
  ];
}
