/** Writes the events of a range to a new file and signs them. */
import { statSync } from 'node:fs';
import { auditBody } from '../app/audit/export.ts';
import { type AuditTrailer, signedText } from '../app/audit/format.ts';
import { rangeOf } from '../app/position-at.ts';
import type { AuditExported, AuditExportWanted, OnProgress } from '../cli/upkeep.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AuditKey } from '../host/audit-key.ts';
import { codec } from '../log/codec.ts';
import type { SqliteLog } from '../log/sqlite/open-log.ts';
import { writeSealed } from './audit-file.ts';

/** Who signs, and with which program. */
export interface Signing {
  readonly key: AuditKey;
  readonly program: string;
}

/** Exports. Refused like `rangeOf`; throws `LogDamaged`, and leaves no file, for a damaged log. */
export async function exportAudit(
  log: SqliteLog,
  { file, nowMs, from, to }: AuditExportWanted,
  { key, program }: Signing,
  onProgress: OnProgress,
): Promise<AuditExported | Refusal> {
  const range = await rangeOf(log, { from, to }, nowMs);
  if (range.refused) return range;
  const { first, last } = range;
  const total = last - first + 1;
  const exportedAt = new Date(nowMs).toISOString();
  let lines = 0;
  const counted = async function* () {
    for await (const line of auditBody({ log, codec }, range)) {
      yield line;
      lines += 1;
      if (lines % progressEvery === 0) onProgress({ done: Math.min(lines, total), total });
    }
  };
  const body = await writeSealed(file, counted(), async (sha256) => {
    const said = { body: sha256, exportedAt, program, log: await log.head(), key: key.publicKey };
    const trailer: AuditTrailer = { ...said, signature: key.sign(signedText(said)) };
    return JSON.stringify(trailer);
  });
  const { size: bytes } = statSync(file);
  const { fingerprint, publicFile: publicKeyFile } = key;
  return { refused: false, file, bytes, first, last, body, exportedAt, fingerprint, publicKeyFile };
}

/** Lines between two words on how far it is. */
const progressEvery = 1_000;
