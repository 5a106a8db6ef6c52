/** The secrets of a board's HTTP door: made at its first start, for the eyes of its owner. */
import { createHash } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, HostError } from './host-error.ts';
import type { RandomBytes } from './ids.ts';

/** The roles that have a token in a file. */
const tokenRoles = ['reader', 'operator', 'worker'] as const;
type TokenRole = (typeof tokenRoles)[number];

/** The secrets of one board. Tokens stay in their files: here are their hashes. */
export interface DoorSecrets {
  /** SHA-256 (hex) of each role's token. */
  readonly tokenHashes: Readonly<Record<TokenRole, string>>;
  /** 32 bytes. */
  readonly cookieKey: Uint8Array;
}

/** The file of a role's token. */
export function tokenFile(boardDirectory: string, role: TokenRole): string {
  return join(directoryOf(boardDirectory), `${role}.token`);
}

/**
 * The secrets of a board, made when they are not there. Throws `key_not_private` when others could
 * have read one, `key_malformed` when one is not what was written.
 */
export function openDoorSecrets(boardDirectory: string, randomBytes: RandomBytes): DoorSecrets {
  mkdirSync(directoryOf(boardDirectory), { recursive: true, mode: 0o700 });
  const tokenOf = (role: TokenRole) => secretIn(tokenFile(boardDirectory, role), randomBytes);
  const hashOf = (role: TokenRole) => sha256(tokenOf(role)).toString('hex');
  const tokenHashes = {
    reader: hashOf('reader'),
    operator: hashOf('operator'),
    worker: hashOf('worker'),
  };
  const key = secretIn(join(directoryOf(boardDirectory), 'cookie.key'), randomBytes);
  const { reader, operator } = tokenHashes;
  // Whoever replaces a token also signs out the browsers that were let in under the old one.
  return { tokenHashes, cookieKey: sha256([key, reader, operator].join('\n')) };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function directoryOf(boardDirectory: string): string {
  return join(boardDirectory, 'http');
}

/** 256 bits, base64url. */
const secretPattern = /^[\w-]{43}$/;

function secretIn(file: string, randomBytes: RandomBytes): string {
  const secret = readSecret(file) ?? makeSecret(file, randomBytes);
  if (secretPattern.test(secret)) return secret;
  throw new HostError('key_malformed', `${file} does not hold a secret of Logboard.`, {
    hint: 'Remove the file: a new one is made at the next start, and the old one is good no more.',
  });
}

function readSecret(file: string): string | undefined {
  try {
    const found = lstatSync(file);
    const readableByOthers = 0o077;
    if (!found.isFile() || found.mode & readableByOthers) {
      throw new HostError('key_not_private', `${file} can be read or changed by others.`, {
        hint: `Remove it, and a new one is made; or run: chmod 600 ${file}`,
      });
    }
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Several may start at once: the first file in place counts, for all of them. */
function makeSecret(file: string, randomBytes: RandomBytes): string {
  const mine = `${file}.${Buffer.from(randomBytes(8)).toString('hex')}`;
  const secret = Buffer.from(randomBytes(32)).toString('base64url');
  writeFileSync(mine, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(mine, file);
    return secret;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return readSecret(file) ?? secret;
  } finally {
    rmSync(mine);
  }
}
