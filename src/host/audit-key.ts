/** The key with which this user signs audit exports: made at first use, kept in the home. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureHome } from './home.ts';
import { errnoOf, HostError } from './host-error.ts';

/** Signs for one user. */
export interface AuditKey {
  /** The raw public key, base64. */
  readonly publicKey: string;
  /** The same for people: `SHA256:` and the hash of the raw key. */
  readonly fingerprint: string;
  /** Where the public key is, to be given to whoever checks. */
  readonly publicFile: string;
  /** An Ed25519 signature, base64. */
  sign(text: string): string;
}

/** What a public key in SPKI form begins with; the raw 32 bytes follow (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * The key in a home directory. Throws `home_not_private` or `key_not_private` when others could
 * have read or replaced it, `key_malformed` when it is no Ed25519 key.
 */
export function openAuditKey(home: string): AuditKey {
  ensureHome(home);
  const file = join(home, 'audit-key.pem');
  const publicFile = join(home, 'audit-key.pub.pem');
  const key = readKey(file) ?? makeKey(file);
  const publicPart = createPublicKey(key);
  writeFileSync(publicFile, publicPart.export({ type: 'spki', format: 'pem' }), { mode: 0o644 });
  const publicKey = rawOf(publicPart);
  return {
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    publicFile,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  };
}

/** `SHA256:…`, as people compare it over the telephone; `publicKey` is raw, in base64. */
export function fingerprintOf(publicKey: string): string {
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}

/** Whether a signature over a text was made with a key; false for what is no key or signature. */
export function isSigned(text: string, by: { publicKey: string; signature: string }): boolean {
  const raw = Buffer.from(by.publicKey, 'base64');
  if (raw.length !== 32) return false;
  const der = Buffer.concat([spkiPrefix, raw]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(by.signature, 'base64'));
}

/** The raw key in a file (PEM), base64. Throws `key_malformed` when it is no Ed25519 key. */
export function readPublicKey(file: string): string {
  const pem = readFileSync(file, 'utf8');
  return ed25519(file, () => rawOf(createPublicKey(pem)));
}

function rawOf(key: KeyObject): string {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  const der = key.export({ type: 'spki', format: 'der' });
  return der.subarray(spkiPrefix.length).toString('base64');
}

function readKey(file: string): KeyObject | undefined {
  try {
    const readableByOthers = 0o077;
    if (statSync(file).mode & readableByOthers) {
      throw new HostError('key_not_private', `${file} can be read by other users`, {
        hint: `Whoever has read it can sign in your name: remove it, or run: chmod 600 ${file}`,
      });
    }
    const pem = readFileSync(file, 'utf8');
    return ed25519(file, () => {
      const key = createPrivateKey(pem);
      rawOf(createPublicKey(key));
      return key;
    });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Appears whole or not at all; of two that are made at once, the first is everybody's. */
function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    linkSync(partial, file);
    return privateKey;
  } catch (error) {
    const other = errnoOf(error) === 'EEXIST' ? readKey(file) : undefined;
    if (other === undefined) throw error;
    return other;
  } finally {
    rmSync(partial, { force: true });
  }
}

function ed25519<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new HostError('key_malformed', `${file} holds no Ed25519 key`, {
      hint: 'Name the audit-key.pub.pem of whoever exported, or its fingerprint (SHA256:…).',
      cause,
    });
  }
}
