/** Two attempts side by side, for people. */
import type { FactDiff, Pair, RunDiff } from '../../app/diff/run-diff.ts';
import type { RunStory } from '../../app/diff/run-story.ts';
import { plainLine } from '../sanitize.ts';
import { outcomeLabel } from '../status.ts';
import type { Style } from '../style.ts';
import { renderTable } from '../table.ts';
import { cutTo } from '../width.ts';

/** The comparison as text. */
export function runDiffText(a: RunStory, b: RunStory, diff: RunDiff, style: Style): string {
  const isOneTask = a.run.taskId === b.run.taskId;
  const name = ({ run }: RunStory) => (isOneTask ? `try ${run.attempt}` : run.runId);
  const names = { a: name(a), b: name(b) };
  const heads = [{ head: names.a.toUpperCase() }, { head: names.b.toUpperCase() }];
  const times = diff.phases.flatMap(({ phase, a: inA, b: inB }) => {
    if (inA === null && inB === null) return [];
    const apart = inA === null || inB === null || inA === inB ? '' : signed(inB - inA);
    return [[phase.replaceAll('_', ' '), seconds(inA), seconds(inB), apart]];
  });
  const half = Math.max(16, Math.floor((style.columns - 26) / 2));
  const facts = diff.differences.map((pair) => {
    return [pair.fact, factText(pair, 'a', half), factText(pair, 'b', half)];
  });
  const sections = [
    [titleOf(a, style), titleOf(b, style), splitText(diff, names, style)].join('\n'),
    renderTable([{ head: 'STEP' }, ...heads, { head: 'APART' }], times, style),
    facts.length === 0 ? '' : renderTable([{ head: 'DIFFERENT' }, ...heads], facts, style),
    style.paint('dim', `the same: ${sameText(diff)}`),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function titleOf({ run }: RunStory, style: Style): string {
  return `${run.runId}  ${run.taskId} try ${run.attempt}  ${outcomeLabel(run.outcome, style)}`;
}

function splitText({ split }: RunDiff, names: Pair<string>, style: Style): string {
  if (split === null) return 'both went the same way to the same end';
  const { phase, a, b, lastCommonNote } = split;
  const where = phase === 'ended' ? 'the end' : phase.replaceAll('_', ' ');
  const upTo = lastCommonNote === null ? '' : `; last both said: ${plainLine(lastCommonNote)}`;
  const text = `they part at ${where}: ${names.a} ${a}, ${names.b} ${b}${upTo}`;
  return style.paint('strong', cutTo(style.columns, text));
}

/** Policies have many keys, which go together. */
function sameText({ same }: RunDiff): string {
  const others = same.filter((fact) => !fact.startsWith('policy.'));
  return [...others, ...(others.length < same.length ? ['policy'] : [])].join(', ');
}

function factText({ fact, ...values }: FactDiff, side: 'a' | 'b', width: number): string {
  const value = values[side];
  if (value === null || value === undefined) return '–';
  if (fact.endsWith('Ms') && typeof value === 'number') return seconds(value);
  if (fact === 'progress' && typeof value === 'number') return `${Math.round(value * 100)} %`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cutTo(width, plainLine(text));
}

function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`;
}

function signed(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${seconds(Math.abs(ms))}`;
}
