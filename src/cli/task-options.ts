/** The fields of a task as options, for the verbs that set them. */
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { bodyBytesMax } from '../domain/limits.ts';
import { said } from '../domain/said.ts';
import type { Workspace } from '../domain/task/state.ts';
import { taskIdOf } from './ids.ts';
import type { Io } from './io.ts';
import { collectList, count, durationMs } from './parsers.ts';
import { UsageError } from './usage-error.ts';

/** What these options come to. */
export interface TaskOptions {
  readonly body?: string;
  readonly bodyFile?: string;
  readonly tenant?: string;
  readonly workspace?: Workspace;
  readonly branch?: string;
  readonly skill?: readonly string[];
  readonly model?: string;
  readonly maxRuntime?: number;
  readonly maxRetries?: number;
  readonly workflowTemplateId?: string;
  readonly stepKey?: string;
}

/** Declares the options that creating and editing share. */
export function declareTaskOptions(command: Command): Command {
  return command
    .addOption(new Option('--body <text>', 'what is to be done').conflicts('bodyFile'))
    .option('--body-file <file>', 'read it from a file; - is standard input')
    .option('--tenant <name>', 'whom the work is for')
    .option('--workspace <where>', 'scratch, dir:/absolute/path or worktree[:/path]', workspace)
    .option('--branch <name>', 'git branch of a worktree')
    .option('--skill <name>', 'skill the worker should load; repeat or separate by ,', collectList)
    .option('--model <name>', 'model the worker should use')
    .option(
      '--max-runtime <duration>',
      'longest an attempt may take: 90 (seconds), 5m, 2h',
      durationMs,
    )
    .option('--max-retries <n>', 'failures in a row after which it is halted', count)
    .option('--workflow-template-id <id>', 'workflow it belongs to')
    .option('--step-key <key>', 'its step in that workflow');
}

/** The fields that were given, under the names of the domain. */
export async function taskFields(options: TaskOptions, io: Io) {
  const { bodyFile, tenant, branch, model, workflowTemplateId, stepKey } = options;
  return said({
    body: bodyFile === undefined ? options.body : await readBody(bodyFile, io),
    tenant,
    workspace: options.workspace,
    branch,
    skills: options.skill === undefined ? undefined : [...options.skill],
    model,
    maxRuntimeMs: options.maxRuntime,
    maxRetries: options.maxRetries,
    workflowTemplateId,
    stepKey,
  });
}

/** An assignee as it is written down; `none` and `-` mean nobody, and so does an empty text. */
export function assigneeOf(text: string): string | null {
  const name = text.trim().toLowerCase();
  return name === '' || name === '-' || name === 'none' || name === 'null' ? null : name;
}

/** Arguments of verbs that assign: tasks, and last the assignee. Throws `UsageError`. */
export function idsAndAssignee(args: readonly string[]) {
  const taskIds = args.slice(0, -1).map(taskIdOf);
  if (taskIds.length === 0) {
    throw new UsageError(
      'An assignee or a task is missing.',
      'For example: assign T-0A1B2C3D4E build',
    );
  }
  const assignee = args.at(-1) ?? '';
  if (assignee.trim() === '') {
    throw new UsageError(
      'The assignee is empty: is a variable unset?',
      'Name whose tasks they are, or none for nobody.',
    );
  }
  return { taskIds, assignee: assigneeOf(assignee) };
}

function workspace(text: string): Workspace {
  const [, kind, path] = /^(scratch|dir|worktree)(?::(.*))?$/s.exec(text) ?? [];
  if (kind === undefined) {
    throw new InvalidArgumentError('Give scratch, dir:/absolute/path or worktree[:/path].');
  }
  if (path !== undefined && !isAbsolute(path)) {
    throw new InvalidArgumentError('The path must be absolute: workers start elsewhere.');
  }
  return { kind: kind as Workspace['kind'], ...said({ path }) };
}

/** The text of a file, or of standard input for `-`. Throws `UsageError`. */
export async function readBody(file: string, io: Io): Promise<string> {
  if (file === '-') return io.readStdin();
  const path = resolve(io.directory, file);
  try {
    const { size } = statSync(path);
    if (size > bodyBytesMax)
      throw new RangeError(`it has ${size} bytes, more than ${bodyBytesMax}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `Cannot read the body from ${path}: ${found}.`,
      'Name a text file in UTF-8.',
    );
  }
}
