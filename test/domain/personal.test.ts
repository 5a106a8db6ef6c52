/** What is personal in an event: every field that can hold free text was thought about. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue, type EventType } from '../../src/domain/catalogue.ts';
import { forgottenValue, personalFields } from '../../src/domain/personal.ts';

/** Text that stays readable, and why. A field belongs here or into `personalFields`. */
const open: Readonly<Record<string, readonly string[]>> = {
  'names that the board works by': [
    ...['assignee', 'tenant', 'branch', 'model', 'workflowTemplateId', 'stepKey', 'skills[]'],
    ...['createdBy', 'claimedBy', 'author', 'host', 'by.id', 'attempted', 'code', 'errno'],
    ...['assignees[]', 'dispatcher.assignees[]', 'dispatcher.id'],
    ...['name', 'programVersion', 'policy.defaultAssignee', 'signal'],
    ...['changes.tenant', 'changes.branch', 'changes.model', 'changes.workflowTemplateId'],
    ...['changes.stepKey', 'changes.skills[]'],
  ],
  'ids and hashes': [
    ...['runId', 'taskId', 'parentId', 'parents[]', 'waivedParents[]', 'tokenHash', 'epoch'],
    ...['digest', 'bootId', 'nonce', 'startTime'],
  ],
  'places on the machine, and what was started there': [
    ...['workspace', 'workspace.path', 'changes.workspace.path', 'logPath', 'argv[]'],
  ],
  'what a judgement rests on, or is about the forgetting itself': ['evidence', 'forgotten.reason'],
};
const openPaths = new Set(Object.values(open).flat());

/** What is said about the whole board is about no task. */
const boardWide: ReadonlySet<string> = new Set([
  'BoardPaused.reason',
  'BoardResumed.reason',
  'DispatcherStopped.reason',
  // Times and versions of beats, packed.
  'LogThinned.beats',
  // Hashes of events.
  'LogSegmented.before',
  'LogSegmented.hash',
]);

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The paths of all fields that can hold text of somebody's choice. */
function textPaths(schema: Schema, path: string): readonly string[] {
  if (schema.enum !== undefined || schema.const !== undefined) return [];
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((each) => textPaths(each, path));
  if (schema.items !== undefined) return textPaths(schema.items, `${path}[]`);
  if (schema.properties !== undefined) {
    const step = path === '' ? '' : `${path}.`;
    return Object.entries(schema.properties).flatMap(([name, each]) =>
      textPaths(each, `${step}${name}`),
    );
  }
  // Without a type it is a custom one: metadata, which can hold anything.
  return schema.type === undefined || [schema.type].flat().includes('string') ? [path] : [];
}

const types = Object.keys(catalogue) as EventType[];

function pathsOf(type: EventType): readonly string[] {
  const schema = z.toJSONSchema(catalogue[type].schema, { unrepresentable: 'any' });
  return textPaths(schema as Schema, '');
}

describe.each(types)('%s', (type) => {
  const personal = Object.keys(personalFields[type]);
  const isPersonal = (path: string) =>
    personal.some((field) => path === field || path.startsWith(`${field}[]`));

  it('has no field with text of which nobody said whether it is personal', () => {
    const undecided = pathsOf(type).filter(
      (path) => !isPersonal(path) && !openPaths.has(path) && !boardWide.has(`${type}.${path}`),
    );
    expect(undecided).toEqual([]);
  });

  it('has every field that is said to be personal, and said to be one thing only', () => {
    const paths = pathsOf(type);
    const unknown = personal.filter((field) => !paths.some((path) => path.startsWith(field)));
    expect(unknown).toEqual([]);
    expect(personal.filter((field) => openPaths.has(field))).toEqual([]);
  });
});

it('can be forgotten and still be read: what takes its place fits the shape', () => {
  for (const type of types) {
    for (const [path, kind] of Object.entries(personalFields[type])) {
      const schema = path.split('.').reduce(step, catalogue[type].schema);
      expect(schema.safeParse(forgottenValue(kind)).success, `${type}.${path}`).toBe(true);
    }
  }
});

function step(schema: z.ZodType, name: string): z.ZodType {
  return (schema as z.ZodObject<z.ZodRawShape>).shape[name] as z.ZodType;
}
