/** `incident`: what happened, in one file that others can look into. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes } from '../../outcome.ts';
import { counted } from '../counted.ts';
import { type SavedIncident, type SaveOptions, saveIncident } from '../incident-save.ts';
import { incidentJson, incidentText } from '../incident-summary.ts';
import { pastMoment } from '../past-moment.ts';
import { withProgress } from '../progress.ts';
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
    ['logboard --log night.jsonl show T-0A1B2C3D4E', 'every verb that reads looks into it'],
  ],
};

function configure(command: Command): void {
  command
    .argument('<action>', 'save or open')
    .argument('[file]', 'the file to open')
    .option('--around <ids...>', 'save: these tasks, or the tasks of these runs')
    .option('--from <moment>', 'save: all tasks of a window: position, ISO, 10:02, -2h', pastMoment)
    .option('--to <moment>', 'save: its end; default now', pastMoment)
    .option('-o, --output <file>', 'where to; default: named after what is saved')
    .option('--force', 'replace a file that is there');
}

async function run(context: Context, { args, options }: Input<SaveOptions>): Promise<Result> {
  const [action, file] = args;
  if (action === 'save' && file === undefined) return save(context, options);
  if (action === 'open' && file !== undefined) return open(context, file);
  throw new UsageError(
    `There is no \`incident ${plainLine(args.join(' '))}\`.`,
    'Use `incident save --around <ids>` or `incident open <file>`.',
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
    notes: notesOf(saved).map((note) => on.talk.paint('dim', note)),
  };
}

function savedJson({ file, bytes, position, tasks, tasksBeside, end }: SavedIncident) {
  const { kind: _, ...counts } = end;
  return { file, bytes, position, tasks, tasksBeside, ...counts };
}

function notesOf({ end, file }: SavedIncident): readonly string[] {
  const { redacted } = end;
  return [
    redacted === 0
      ? 'No secrets were found in it; look through it all the same before you hand it on.'
      : `Secrets were taken out of ${counted(redacted, 'place')}; look through it all the same.`,
    `Look into it with \`logboard incident open ${plainLine(file)}\`.`,
  ];
}

async function open(context: Context, named: string): Promise<Result> {
  const { io, root, style } = context;
  const file = resolve(io.directory, named);
  const incident = await withProgress(context, (tell) =>
    root.openIncident(file, (progress) => tell('verifying', progress)),
  );
  try {
    const json = context.isJson ? await incidentJson(file, incident) : undefined;
    const text = context.isJson
      ? ''
      : await incidentText(named, incident, { style, nowMs: io.nowMs() });
    return { json: () => json, text: () => text, exit: exitCodes.done };
  } finally {
    await incident.board.close();
  }
}
