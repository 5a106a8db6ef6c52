/**
 * One text, sealed with a task's key: AES-256-GCM under a nonce that follows from what is sealed.
 *
 * The nonce is an HMAC of the text and its place, so the same text in the same place makes the same
 * bytes (a repeated append stores what the first would have), and no two texts share a nonce, which
 * GCM would not forgive.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** Bytes of a task's key: one half encrypts, the other makes nonces. */
export const keyBytes = 64;

const halfBytes = keyBytes / 2;
const nonceBytes = 12;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

/** Nonce, ciphertext and tag of `plain` as base64url; `place` is bound to it, and not stored. */
export function sealBox(key: Buffer, place: string, plain: Buffer): string {
  const bound = Buffer.from(place);
  const nonce = createHmac('sha256', key.subarray(halfBytes))
    .update(`${bound.length}\n`)
    .update(bound)
    .update(plain)
    .digest()
    .subarray(0, nonceBytes);
  const sealing = createCipheriv(cipher, key.subarray(0, halfBytes), nonce).setAAD(bound);
  const sealed = sealing.update(plain);
  sealing.final();
  return Buffer.concat([nonce, sealed, sealing.getAuthTag()]).toString('base64url');
}

/** What was sealed. Throws when key, place or bytes are not those of the sealing. */
export function openBox(key: Buffer, place: string, box: string): Buffer {
  const sealed = Buffer.from(box, 'base64url');
  const nonce = sealed.subarray(0, nonceBytes);
  const opening = createDecipheriv(cipher, key.subarray(0, halfBytes), nonce, {
    authTagLength: tagBytes,
  });
  opening.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-tagBytes));
  const plain = opening.update(sealed.subarray(nonceBytes, -tagBytes));
  // Nothing is left to come out; but it is here that a wrong tag is found.
  opening.final();
  return plain;
}
