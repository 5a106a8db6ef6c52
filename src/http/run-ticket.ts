/** The id and the token of a run that is about to be opened, for a worker elsewhere. */
import { createHash, createHmac } from 'node:crypto';
import type { DoorParts } from './door-parts.ts';

/** What a worker elsewhere is given to show. */
export interface RunTicket {
  readonly runId: string;
  readonly token: string;
  /** SHA-256 (hex) of the token: what the log knows. */
  readonly tokenHash: string;
  /** The same request makes the same ticket: its answer may have been lost on the way. */
  readonly isRepeatable: boolean;
}

/** A new ticket. For a command with an id it follows from that, and from a secret of this board. */
export function ticketOf(
  { randomBytes, newRunId, secrets }: Pick<DoorParts, 'randomBytes' | 'newRunId' | 'secrets'>,
  commandId: string | undefined,
): RunTicket {
  const isRepeatable = commandId !== undefined;
  const secret = isRepeatable ? secretOf(secrets.cookieKey, commandId) : randomBytes(32);
  const token = Buffer.from(secret).toString('base64url');
  const tokenHash = createHash('sha256').update(token).digest('hex');
  const runId = isRepeatable ? derivedRunId(commandId) : newRunId();
  return { runId, token, tokenHash, isRepeatable };
}

function secretOf(key: Uint8Array, commandId: string): Uint8Array {
  return createHmac('sha256', key).update(`run token\n${commandId}`).digest();
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const runIdChars = 12;

function derivedRunId(commandId: string): string {
  const digest = createHash('sha256').update(`run\n${commandId}`).digest();
  const chars = [...digest.subarray(0, runIdChars)].map((byte) => alphabet[byte % alphabet.length]);
  return `R-${chars.join('')}`;
}
