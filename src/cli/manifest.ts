/** All verbs: what each is for, and where its code is. Only the one that was named is loaded. */
import type { Verb } from './verb.ts';

/** Headings of the help. */
export type VerbGroup = 'Start' | 'Tasks' | 'Work' | 'Reading' | 'History' | 'Fleet' | 'Upkeep';

/** A verb in the list of verbs. */
export interface ManifestEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it does, in one line. */
  readonly summary: string;
  readonly group: VerbGroup;
  load(): Promise<Verb>;
}

type Load = () => Promise<{ readonly verb: Verb }>;

/** In the order of the help. The first name is the verb's own, the others mean the same. */
export const manifest: readonly ManifestEntry[] = [
  entry('Start', 'init', 'make a board', () => import('./verbs/init.ts')),
  entry(
    'Start',
    'serve',
    'the page, the API and the dispatcher, until stopped',
    () => import('./verbs/serve.ts'),
  ),
  entry('Start', 'boards', 'list the boards of this user', () => import('./verbs/boards.ts')),
  entry(
    'Start',
    'doctor',
    'look for what is wrong with this machine or board',
    () => import('./verbs/doctor.ts'),
  ),
  entry(
    'Start',
    'config',
    'show the settings in force and their origin',
    () => import('./verbs/config.ts'),
  ),
  entry(
    'Start',
    'completion',
    'print a completion script for a shell',
    () => import('./verbs/completion.ts'),
  ),
  entry('Start', 'version', 'print versions', () => import('./verbs/version.ts')),

  entry(
    'Tasks',
    'create new',
    'make a task, and with the first one the board',
    () => import('./verbs/create.ts'),
  ),
  entry('Tasks', 'edit', 'change what a task says or hands on', () => import('./verbs/edit.ts')),
  entry('Tasks', 'assign', 'say who should do tasks', () => import('./verbs/assign.ts')),
  entry(
    'Tasks',
    'reassign',
    'give tasks to somebody else, from their runs if need be',
    () => import('./verbs/reassign.ts'),
  ),
  entry('Tasks', 'link', 'make a task wait for another', () => import('./verbs/link.ts')),
  entry(
    'Tasks',
    'unlink',
    'make a task wait for another no longer',
    () => import('./verbs/unlink.ts'),
  ),
  entry('Tasks', 'comment', 'say something about a task', () => import('./verbs/comment.ts')),
  entry('Tasks', 'schedule', 'park tasks until a time', () => import('./verbs/schedule.ts')),
  entry('Tasks', 'promote', 'start the turn of tasks now', () => import('./verbs/promote.ts')),
  entry(
    'Tasks',
    'unblock',
    'lift a block, a halt or a schedule',
    () => import('./verbs/unblock.ts'),
  ),
  entry('Tasks', 'review', 'approve or reject finished work', () => import('./verbs/review.ts')),
  entry(
    'Tasks',
    'reopen',
    'put finished tasks back into the queue',
    () => import('./verbs/reopen.ts'),
  ),
  entry(
    'Tasks',
    'archive',
    'put tasks away, bring them back, remove them',
    () => import('./verbs/archive.ts'),
  ),
  entry(
    'Tasks',
    'forget',
    'destroy the text of encrypted tasks, for good',
    () => import('./verbs/forget.ts'),
  ),

  entry(
    'Work',
    'claim',
    'take a task, for programs no dispatcher started',
    () => import('./verbs/claim.ts'),
  ),
  entry('Work', 'guard', 'ask whether this worker may begin', () => import('./verbs/guard.ts')),
  entry(
    'Work',
    'heartbeat',
    'say that a run lives and how far it is',
    () => import('./verbs/heartbeat.ts'),
  ),
  entry(
    'Work',
    'complete',
    'end a run with its result, or tasks as an operator',
    () => import('./verbs/complete.ts'),
  ),
  entry(
    'Work',
    'block',
    'say that somebody else has to act first',
    () => import('./verbs/block.ts'),
  ),
  entry('Work', 'release', 'give a task back unfinished', () => import('./verbs/release.ts')),
  entry(
    'Work',
    'reclaim',
    'take tasks from the runs that hold them',
    () => import('./verbs/reclaim.ts'),
  ),
  entry(
    'Work',
    'context',
    'print what a worker is shown about its task',
    () => import('./verbs/context.ts'),
  ),

  entry(
    'Work',
    'work',
    'run a program for each task of a board elsewhere',
    () => import('./verbs/work.ts'),
  ),

  entry('Reading', 'list ls', 'list tasks', () => import('./verbs/list.ts')),
  entry('Reading', 'show', 'show everything about a task', () => import('./verbs/show.ts')),
  entry('Reading', 'search', 'find words in all texts', () => import('./verbs/search.ts')),
  entry('Reading', 'runs', 'list the attempts at a task', () => import('./verbs/runs.ts')),
  entry('Reading', 'log', 'print what a worker printed', () => import('./verbs/log.ts')),
  entry('Reading', 'tail', 'follow what happens to a task', () => import('./verbs/tail.ts')),
  entry('Reading', 'watch', 'follow what happens on the board', () => import('./verbs/watch.ts')),
  entry(
    'Reading',
    'events',
    'print the log, a JSON document a line',
    () => import('./verbs/events.ts'),
  ),
  entry(
    'Reading',
    'diagnostics diag',
    'say what is wrong with tasks, and what helps',
    () => import('./verbs/diagnostics.ts'),
  ),
  entry('Reading', 'stats', 'count the board', () => import('./verbs/stats.ts')),
  entry(
    'Reading',
    'assignees',
    'list who has work, and their workers',
    () => import('./verbs/assignees.ts'),
  ),
  entry(
    'Reading',
    'dispatchers',
    'list who starts workers, where, and for whom',
    () => import('./verbs/dispatchers.ts'),
  ),
  entry(
    'Reading',
    'hosts',
    'list the machines that serve the board',
    () => import('./verbs/hosts.ts'),
  ),

  entry(
    'History',
    'timeline',
    'tell what happened to a task or on the board',
    () => import('./verbs/timeline.ts'),
  ),
  entry(
    'History',
    'why',
    'say why a task or run stands where it stands',
    () => import('./verbs/why.ts'),
  ),
  entry(
    'History',
    'replay',
    'show again what happened on the board, as it was',
    () => import('./verbs/replay.ts'),
  ),
  entry(
    'History',
    'diff',
    'compare the board at two moments, or two attempts',
    () => import('./verbs/diff.ts'),
  ),
  entry(
    'History',
    'whatif',
    'judge the runs of the past by another policy',
    () => import('./verbs/whatif.ts'),
  ),
  entry(
    'History',
    'incident',
    'save what happened in one file, and look into it',
    () => import('./verbs/incident.ts'),
  ),
  entry(
    'History',
    'audit',
    'sign what happened, or check what was signed',
    () => import('./verbs/audit.ts'),
  ),

  entry(
    'Fleet',
    'dispatch',
    'make one pass of the dispatcher',
    () => import('./verbs/dispatch.ts'),
  ),
  entry('Fleet', 'pause', 'start nothing more on this board', () => import('./verbs/pause.ts')),
  entry(
    'Fleet',
    'sign-in',
    'print a link that signs a browser in',
    () => import('./verbs/sign-in.ts'),
  ),
  entry('Fleet', 'resume', 'start work on this board again', () => import('./verbs/resume.ts')),

  entry(
    'Upkeep',
    'verify',
    'prove that log and tables are sound',
    () => import('./verbs/verify.ts'),
  ),
  entry(
    'Upkeep',
    'rebuild',
    'make the tables anew from the log',
    () => import('./verbs/rebuild.ts'),
  ),
  entry('Upkeep', 'backup', 'copy the log while it is in use', () => import('./verbs/backup.ts')),
  entry('Upkeep', 'restore', 'make a new board from a backup', () => import('./verbs/restore.ts')),
  entry('Upkeep', 'copy', 'copy a board to another place', () => import('./verbs/copy.ts')),
  entry(
    'Upkeep',
    'gc',
    'remove what old runs left: output, workspaces, heartbeats',
    () => import('./verbs/gc.ts'),
  ),
];

function entry(group: VerbGroup, names: string, summary: string, load: Load): ManifestEntry {
  const [name = '', ...aliases] = names.split(' ');
  return { name, aliases, summary, group, load: async () => (await load()).verb };
}
