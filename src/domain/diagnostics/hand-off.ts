/** The rule about what a finished attempt hands on: the tasks it names must exist. */
import type { HandOff } from '../task/events.ts';
import { actions, several, type Trouble } from './finding.ts';
import type { Subject } from './subject.ts';

/** Ids that are looked at in one hand-off. */
const idsMax = 50;

/** The ids of tasks that a hand-off names, each once, in the order they appear. */
export function taskIdsIn(handOff: HandOff | null): readonly string[] {
  if (handOff === null) return [];
  const { summary = '', result = '', metadata } = handOff;
  const text = [summary, result, metadata === undefined ? '' : JSON.stringify(metadata)].join('\n');
  const ids = text.match(/(?<![\w-])T-[0-9A-HJKMNP-TV-Z]{10}(?![\w-])/g) ?? [];
  return [...new Set(ids)].slice(0, idsMax);
}

/** The hand-off names tasks that do not exist: its worker made them up, or copied them wrongly. */
export function phantomTaskReference({ taskId, status, phantoms }: Subject): Trouble | undefined {
  if ((status !== 'done' && status !== 'review') || phantoms.length === 0) return undefined;
  const why = `it names tasks that do not exist: ${phantoms.slice(0, 3).join(' ')}`;
  return {
    severity: 'warning',
    title: `its hand-off names ${several(phantoms.length, 'task')} that do not exist`,
    detail: `Whoever reads it will look in vain for ${phantoms.join(', ')}.`,
    evidence: { phantoms },
    firstSeenAtMs: null,
    lastSeenAtMs: null,
    count: phantoms.length,
    actions: actions(
      status === 'review'
        ? [`logboard review ${taskId} --reject ${why}`, 'send it back, and say why']
        : [`logboard reopen ${taskId} ${why}`, 'let it be done again, and say why'],
      [`logboard show ${taskId}`, 'read what it hands on; `edit --summary` corrects it'],
    ),
  };
}
