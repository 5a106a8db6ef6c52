/** Hands out an artifact by the hash of its content: a name that can only ever name that. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { artifactPath } from './artifacts.ts';
import { errnoOf } from './host-error.ts';

/** An artifact, open. */
export interface OpenArtifact {
  readonly bytes: number;
  /** To be read to its end or cancelled: it holds the file open. */
  readonly content: ReadableStream<Uint8Array>;
}

/** SHA-256, hex. */
const hashPattern = /^[0-9a-f]{64}$/;

/** The artifact; undefined when there is none under this hash. */
export async function openArtifact(
  store: string,
  sha256: string,
): Promise<OpenArtifact | undefined> {
  if (!hashPattern.test(sha256)) return undefined;
  try {
    const path = artifactPath(store, sha256);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { size: bytes } = await file.stat();
    const content = Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
    return { bytes, content };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
