/** Checks an audit file: its chain, its signature, whose that is, and whether a log agrees. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { altered, BodyCheck, cut } from '../app/audit/check.ts';
import { compareWithLog } from '../app/audit/compare.ts';
import { type AuditTrailer, parseTrailer, signedText } from '../app/audit/format.ts';
import type { AuditChecked, OnProgress } from '../cli/upkeep.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { fingerprintOf, isSigned, readPublicKey } from '../host/audit-key.ts';
import type { EventLog } from '../log/event-log.ts';
import { linesOf } from './audit-file.ts';

/** Lines between two words on how far it is. */
const progressEvery = 1_000;

/** Whom a file has to be from, and what it has to agree with. */
export interface AuditExpected {
  /** A fingerprint (`SHA256:…`), or a file with the public key (PEM). */
  readonly key?: string | undefined;
  /** The log of the board that it is said to be of. */
  readonly log?: EventLog | undefined;
}

/** Checks a file: its chain, its signature, whose that is, and whether a log says the same. */
export async function checkAudit(
  file: string,
  { key, log }: AuditExpected,
  onProgress: OnProgress,
): Promise<AuditChecked | Refusal> {
  const wanted = key === undefined ? undefined : fingerprintWanted(key);
  const read = await readAudit(file, log, onProgress);
  if ('refused' in read) return read;
  const { check, trailer, body, line, compared } = read;
  if (body !== trailer.body) {
    return altered({ line: 1, position: null }, 'the body is not the one that was signed');
  }
  const { key: publicKey, signature } = trailer;
  if (!isSigned(signedText(trailer), { publicKey, signature })) {
    return altered({ line, position: null }, 'the signature does not fit it');
  }
  const fingerprint = fingerprintOf(publicKey);
  if (wanted !== undefined && wanted !== fingerprint) return otherKey(wanted, fingerprint);
  const { exportedAt, program, log: logHead } = trailer;
  const by = { exportedAt, program, log: logHead, fingerprint, isKeyKnown: wanted !== undefined };
  return { ...check.result(), body, ...by, compared };
}

/** Everything in a file, taken as it comes; a refusal at the first line that is not right. */
async function readAudit(file: string, log: EventLog | undefined, onProgress: OnProgress) {
  const total = statSync(file).size;
  const check = new BodyCheck();
  const comparison = log && compareWithLog(log);
  const hash = createHash('sha256');
  let [line, done] = [0, 0];
  let trailer: AuditTrailer | undefined;
  for await (const { text, isCut } of linesOf(file)) {
    line += 1;
    done += text.length + 1;
    if (isCut && line > 1) return cut({ ...check.place, line: line - 1 });
    if (trailer !== undefined) return altered({ line, position: null }, 'it follows the signature');
    if (check.isWhole) {
      trailer = parseTrailer(text);
      if (trailer === undefined) return altered({ line, position: null }, 'it is no signature');
      continue;
    }
    const refused = check.take(text) ?? (await comparison?.take(check));
    if (refused !== undefined) return refused;
    hash.update(`${text}\n`, 'utf8');
    if (line % progressEvery === 0) onProgress({ done: Math.min(done, total), total });
  }
  if (trailer === undefined) return line === 0 ? check.take('')! : cut(check.place);
  const compared = (await comparison?.end(check)) ?? null;
  if (compared !== null && 'refused' in compared) return compared;
  return { check, trailer, body: hash.digest('hex'), line, compared };
}

function fingerprintWanted(key: string): string {
  return key.startsWith('SHA256:') ? key.replace(/=+$/, '') : fingerprintOf(readPublicKey(key));
}

function otherKey(wanted: string, found: string): Refusal {
  return refuse('audit_key_differs', `The file is signed with ${found}, not with ${wanted}.`, {
    hint: 'Somebody else exported it, or exported it anew; ask whom you expected it from.',
    facts: { wanted, found },
  });
}
