/**
 * Takes over the files a worker names as its results, before its workspace goes away.
 *
 * They are stored under the SHA-256 of their content. The names come from the worker and are data:
 * links are not followed, and what was opened is asked where it really is before a byte is read.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../dispatcher/ports.ts';
import { hasControlCharacter, pathCharsMax } from '../domain/limits.ts';
import { errnoOf } from './host-error.ts';
import { type Found, isInside, leadsOutside, workspaceFiles } from './workspace-files.ts';

/** A file that was not. */
export interface SkippedArtifact {
  readonly path: string;
  readonly why:
    | 'missing'
    | 'outside'
    | 'link'
    | 'not_a_file'
    | 'too_large'
    | 'too_many'
    | 'unusable_name'
    | 'unreadable';
}

/** How much may be taken over from one run. */
export interface ArtifactLimits {
  readonly fileBytesMax: number;
  readonly totalBytesMax: number;
  /** Counts the skipped ones too; the first beyond it is named, the rest is not looked at. */
  readonly filesMax: number;
}

/** What to take over, from where, to where. */
export interface ArtifactRequest {
  readonly workspace: string;
  /** Files, directories (with all they hold) and patterns; see `workspace-files.ts`. */
  readonly patterns: readonly string[];
  /** The board's directory of artifacts; created if need be. */
  readonly store: string;
  readonly limits: ArtifactLimits;
}

/** Where an artifact's content is. */
export function artifactPath(store: string, sha256: string): string {
  return join(store, sha256);
}

/**
 * Copies what the request names into the store; a workspace that is not there any more has nothing.
 * Throws only when the store cannot be written.
 */
export async function collectArtifacts(
  request: ArtifactRequest,
): Promise<{ collected: readonly Artifact[]; skipped: readonly SkippedArtifact[] }> {
  const collected: Artifact[] = [];
  const skipped: SkippedArtifact[] = [];
  const { store, limits } = request;
  const workspace = await realpath(request.workspace).catch(() => undefined);
  if (workspace === undefined) {
    return { collected, skipped };
  }
  await mkdir(store, { recursive: true, mode: 0o700 });
  let leftBytes = limits.totalBytesMax;
  for await (const found of workspaceFiles(workspace, request.patterns)) {
    const { path } = found;
    if (collected.length + skipped.length >= limits.filesMax) {
      skipped.push({ path, why: 'too_many' });
      break;
    }
    const bytesMax = Math.min(limits.fileBytesMax, leftBytes);
    const outcome = await takeOver({ workspace, ...found, store, bytesMax });
    if ('why' in outcome) {
      skipped.push(outcome);
    } else {
      collected.push(outcome);
      leftBytes -= outcome.sizeBytes;
    }
  }
  await syncDirectory(store);
  return { collected, skipped };
}

interface Candidate extends Found {
  readonly workspace: string;
  readonly store: string;
  readonly bytesMax: number;
}

async function takeOver(candidate: Candidate): Promise<Artifact | SkippedArtifact> {
  const { workspace, path, isUnreadable, bytesMax, store } = candidate;
  const skip = (why: SkippedArtifact['why']): SkippedArtifact => ({ path, why });
  if (leadsOutside(path)) {
    return skip('outside');
  }
  if (!isUsableName(path)) {
    return skip('unusable_name');
  }
  if (isUnreadable) {
    return skip('unreadable');
  }
  const file = await openWithoutLinks(join(workspace, path));
  if (typeof file === 'string') {
    return skip(file);
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      return skip('not_a_file');
    }
    const real = await readlink(`/proc/self/fd/${file.fd}`);
    if (!isInside(workspace, real)) {
      return skip('outside');
    }
    const copy = await copyIntoStore(file, store, bytesMax);
    return copy ? { path, ...copy } : skip('too_large');
  } finally {
    await file.close();
  }
}

/** The name goes into the log with the rest of the hand-off, which would be refused as a whole. */
function isUsableName(path: string): boolean {
  return path.length <= pathCharsMax && !hasControlCharacter(path, false);
}

/** Without blocking, too: a pipe with no writer would otherwise hold the dispatcher for ever. */
async function openWithoutLinks(path: string): Promise<FileHandle | SkippedArtifact['why']> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    switch (errnoOf(error)) {
      case 'ELOOP':
        return 'link';
      case 'ENOENT':
      case 'ENOTDIR':
        return 'missing';
      case 'EACCES':
      case 'EPERM':
        return 'unreadable';
      default:
        return 'not_a_file';
    }
  }
}

const chunkBytes = 256 * 1024;

/** The content may still grow while it is read, so the limit counts what was read. */
async function copyIntoStore(
  file: FileHandle,
  store: string,
  bytesMax: number,
): Promise<Omit<Artifact, 'path'> | undefined> {
  const draft = join(store, `draft-${process.pid}-${file.fd}`);
  const copy = await open(draft, 'w', 0o600);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let sizeBytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, sizeBytes);
      sizeBytes += bytesRead;
      if (sizeBytes > bytesMax) {
        return undefined;
      }
      if (bytesRead === 0) {
        break;
      }
      hash.update(buffer.subarray(0, bytesRead));
      await copy.appendFile(buffer.subarray(0, bytesRead));
    }
    await copy.sync();
    const sha256 = hash.digest('hex');
    await rename(draft, artifactPath(store, sha256));
    return { sha256, sizeBytes };
  } finally {
    await copy.close();
    await rm(draft, { force: true });
  }
}

/** A completion that names the artifacts will be durable: so must their names be. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
