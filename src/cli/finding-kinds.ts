/** Kinds of findings as people type them. */
import { type FindingKind, findingKinds } from '../domain/diagnostics/diagnose.ts';
import { didYouMean } from '../nearest.ts';
import { UsageError } from './usage-error.ts';

/** The kind of this name; dashes do as well. Throws `UsageError` with the nearest one. */
export function findingKindOf(word: string): FindingKind {
  const name = word.toLowerCase().replaceAll('-', '_');
  const kind = findingKinds.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new UsageError(`There is no kind of finding “${word}”.`, didYouMean(name, findingKinds));
}
