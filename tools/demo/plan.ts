/** The demo's tasks and workers: a survey of a source tree, with a little trouble on the way. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Commands } from '../../src/app/commands.ts';
import type { NewTask } from '../../src/app/create-task.ts';
import type { Folder } from './folders.ts';
import { bodyOf, type Job } from './job.ts';

/** Ids of the tasks that play a part in the story. */
export interface Cast {
  readonly surveys: readonly string[];
  readonly killed: string;
  readonly frozen: string;
  readonly broken: string;
  readonly report: string;
  readonly review: string;
}

/** Pause of the two workers that something happens to, per file, in ms. */
const pauseMs = 300;

/** Where the compiled program of a worker is. */
export type ProgramOf = (name: string) => string;

const besideThis: ProgramOf = (name) =>
  fileURLToPath(new URL(`./workers/${name}.js`, import.meta.url));

/** Where the configuration of the demo's board is. */
export function configurationPath(directory: string): string {
  return join(directory, 'logboard.yaml');
}

/** The configuration of the demo's board, as a person would write it. */
export function configuration(programOf: ProgramOf = besideThis): string {
  const worker = (name: string) => ({ run: [process.execPath, programOf(name)] });
  return stringify({
    maxRunning: 4,
    claimTtlMs: '3s',
    drainMs: 500,
    retryBackoffMs: 500,
    // The frozen worker keeps TERM waiting; KILL must not come before it was woken up.
    killGraceMs: '40s',
    workers: {
      survey: worker('survey'),
      report: worker('report'),
      editor: worker('review'),
      catalogue: {
        run: ['sh', '-c', 'echo "the catalogue server does not answer" >&2; exit 1'],
        onExit: { '0': 'complete', '*': 'fail' },
      },
    },
  });
}

/**
 * Creates all tasks: one per folder, a report on them, a note for review, and one that must fail.
 */
export async function createTasks(
  commands: Commands,
  survey: { root: string; name: string; board: string; folders: readonly Folder[] },
): Promise<Cast> {
  const create = async (task: NewTask): Promise<string> => {
    const answer = await commands.create(task);
    if (answer.refused) throw new Error(`${answer.message} ${answer.hint}`);
    return answer.taskId;
  };
  const surveys: string[] = [];
  for (const [index, folder] of survey.folders.entries()) {
    const job: Job = { ...folder, pauseMs: index < 2 ? pauseMs : 0 };
    const priority = index < 2 ? 1 : 0;
    const title = `Measure ${folder.name}`;
    const words = `Count lines, functions and TODOs in each file of \`${folder.name}\`.`;
    const body = bodyOf(words, job);
    surveys.push(await create({ title, assignee: 'survey', priority, body }));
  }
  const broken = await create({
    title: 'Fetch the licence catalogue',
    assignee: 'catalogue',
    body: 'Its server never answers, so that the breaker has something to do.',
  });
  const about: Job = { path: survey.root, name: survey.name, files: [], pauseMs: 0 };
  const report = await create({
    title: `Report on ${survey.name}`,
    assignee: 'report',
    body: bodyOf('Put the figures of all folders together, in Markdown.', about),
    parents: surveys,
    workspace: { kind: 'dir', path: join(survey.board, 'report') },
  });
  const review = await create({
    title: 'Announce the survey',
    assignee: 'editor',
    body: 'Ask a person whether the report may go out.',
    parents: [report],
  });
  const [killed = '', frozen = ''] = surveys;
  return { surveys, killed, frozen, broken, report, review };
}
