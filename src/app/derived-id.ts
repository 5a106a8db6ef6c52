/**
 * Task ids that follow from an idempotency key, so that a repeated create finds the same stream.
 */
import { createHash } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idChars = 10;

/**
 * The task id of a key: 50 bits of its SHA-256. `round` counts the archived tasks that held the
 * key before; each frees it for the next.
 */
export function derivedTaskId(idempotencyKey: string, round: number): string {
  const digest = createHash('sha256').update(`${round}\n${idempotencyKey}`).digest();
  let id = '';
  for (const byte of digest.subarray(0, idChars)) id += alphabet[byte % alphabet.length];
  return `T-${id}`;
}
