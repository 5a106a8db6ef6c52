/** What is told when the configuration was read again, in plain words. */
import { basename } from 'node:path';

/** What came of it; with no changes at all, a file that was broken has been mended. */
export interface Reloaded {
  readonly file: string;
  readonly changes: readonly Change[];
  /** Keys that take effect only in a program that is started anew. */
  readonly needsRestart: readonly string[];
}

type Change =
  | { readonly key: string; readonly from: unknown; readonly to: unknown }
  | { readonly worker: string; readonly change: string };

/** `logboard.yaml changed: maxRunning 3 -> 5, worker report added; log needs a restart`. */
export function reloadWords({ file, changes, needsRestart }: Reloaded): string {
  const done = changes.map(changeWords).join(', ');
  const keys = needsRestart.join(' and ');
  const rest = needsRestart.length === 1 ? `${keys} needs a restart` : `${keys} need a restart`;
  const told = [done, ...(needsRestart.length === 0 ? [] : [rest])].filter((text) => text !== '');
  const name = basename(file);
  if (told.length === 0) return `${name} can be used again: nothing has changed`;
  return `${name} changed: ${told.join('; ')}`;
}

function changeWords(change: Change): string {
  if ('worker' in change) return `worker ${change.worker} ${change.change}`;
  return `${change.key} ${valueText(change.from)} -> ${valueText(change.to)}`;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
