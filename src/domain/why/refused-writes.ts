/** Why a write was refused: what the fence said, in words. */
import type { Actor } from '../event.ts';
import type { RefusedWrite } from './explanation.ts';
import { quoted } from './saying.ts';

/** A refusal as it was recorded; null where writes were only counted from there on. */
export interface RecordedRefusal {
  readonly position: number;
  readonly atMs: number;
  readonly runId: string;
  readonly attempted: string | null;
  readonly code: string | null;
  readonly byKind: Actor['kind'] | null;
  readonly byId: string | null;
  readonly actualVersion: number | null;
  readonly preview: string | null;
  readonly countedFrom: number | null;
}

/** The refusal, with its rule. */
export function refusedWrite(entry: RecordedRefusal): RefusedWrite {
  const { position, atMs, runId, attempted, code, byKind, byId, actualVersion } = entry;
  const { preview } = entry;
  const by = byKind === null || byId === null ? null : { kind: byKind, id: byId };
  const told = preview === null ? null : quoted(preview);
  return { position, atMs, runId, attempted, code, by, text: textOf(entry), told, actualVersion };
}

const rules: Readonly<Record<string, string>> = {
  stale_run: 'nothing is added to a run after its end',
  token_invalid: 'only the worker of a run may write to it',
  not_current_run: 'only the run that holds the task may begin',
};

function textOf({ code, countedFrom }: RecordedRefusal): string {
  if (countedFrom !== null) return `from refusal ${countedFrom} on they were only counted`;
  return rules[code ?? ''] ?? code ?? 'no rule was recorded';
}
