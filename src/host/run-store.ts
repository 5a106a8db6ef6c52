/**
 * What runs on other machines leave on this one: their output and the files they hand in.
 *
 * Output is numbered from its first byte, however much of it was rotated away since: whoever sends
 * a piece again, because no answer came, adds nothing. Files are kept by the hash of their content;
 * a list in the run's directory says which run handed in what, and under which name.
 */
import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactPath } from './artifacts.ts';
import { errnoOf } from './host-error.ts';
import { type RunDirectory, runDirectory } from './run-directory.ts';
import { artifactStore } from './workspaces.ts';

/** A file that was handed in. */
export interface HandedIn {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A piece of output. */
export interface LogPiece {
  /** Where it begins, in bytes from the beginning of all output. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Most output that is kept. */
  readonly bytesMax: number;
}

/** How much one run may hand in. */
export interface HandInLimits {
  readonly fileBytesMax: number;
  readonly totalBytesMax: number;
  readonly filesMax: number;
}

/** What a run may hand in when nobody says otherwise. */
export const handInLimits: HandInLimits = {
  fileBytesMax: 64 * 1024 * 1024,
  totalBytesMax: 512 * 1024 * 1024,
  filesMax: 1_000,
};

const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
/** Never through a link, and never waiting for the other end of a pipe. */
const plainly = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The store of a board. Ids that are no plain names throw `unsafe_name`. */
export function createRunStore(boardDirectory: string, limits = handInLimits) {
  const store = artifactStore(boardDirectory);
  const oneAtATime = createTurns();

  async function directoryOf(runId: string): Promise<RunDirectory> {
    const files = runDirectory(boardDirectory, runId);
    await mkdir(files.path, { recursive: true, mode: 0o700 });
    return files;
  }

  return {
    /** Appends what is new of a piece, unless it leaves a gap. Answers how long the output is. */
    appendLog: (runId: string, piece: LogPiece): Promise<number> =>
      oneAtATime(runId, async () => append(await directoryOf(runId), piece)),

    /** Keeps a file; undefined when it is too large, or one too many. */
    keepArtifact: (runId: string, name: string, content: AsyncIterable<Uint8Array>) =>
      oneAtATime(runId, async (): Promise<HandedIn | undefined> => {
        const files = await directoryOf(runId);
        const before = await listed(files);
        const leftBytes = limits.totalBytesMax - before.reduce((sum, { bytes }) => sum + bytes, 0);
        if (before.length >= limits.filesMax) return undefined;
        await mkdir(store, { recursive: true, mode: 0o700 });
        const bytesMax = Math.min(limits.fileBytesMax, leftBytes);
        const draft = join(store, `draft-${files.path.split('/').at(-1)}`);
        const kept = await intoStore(content, { draft, store, bytesMax });
        if (kept === undefined) return undefined;
        await addToList(files, { name, ...kept });
        return { name, ...kept };
      }),

    /** The hashes of all a run has handed in, also of what the next file of that name replaced. */
    async contents(runId: string): Promise<readonly string[]> {
      const all = await listed(runDirectory(boardDirectory, runId));
      return all.map(({ sha256 }) => sha256);
    },

    /** What a run has handed in; of files with one name, the last. */
    async artifacts(runId: string): Promise<readonly HandedIn[]> {
      const all = await listed(runDirectory(boardDirectory, runId));
      return [...new Map(all.map((each) => [each.name, each])).values()];
    },
  };
}

async function append(files: RunDirectory, { offset, bytes, bytesMax }: LogPiece): Promise<number> {
  const base = await rotatedAway(files);
  const log = await open(files.log, appending | plainly, 0o600);
  try {
    const length = (await log.stat()).size;
    const end = base + length;
    const news = offset > end ? new Uint8Array() : bytes.subarray(end - offset);
    await log.appendFile(news);
    if (length + news.length > bytesMax / 2) await rotate(files, end + news.length);
    return end + news.length;
  } finally {
    await log.close();
  }
}

/** How much output was rotated away, or lies in the older file. */
async function rotatedAway(files: RunDirectory): Promise<number> {
  const text = await readPlainly(baseFile(files));
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** The new base first: a crash between the two loses the next few lines, and doubles none. */
async function rotate(files: RunDirectory, end: number): Promise<void> {
  const draft = `${baseFile(files)}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, `${end}`, { flag: 'wx', mode: 0o600 });
  await rename(draft, baseFile(files));
  await rename(files.log, files.olderLog);
}

function baseFile({ log }: RunDirectory): string {
  return `${log}.base`;
}

/** Copies the content under the hash of it; undefined when it is too large. */
async function intoStore(
  content: AsyncIterable<Uint8Array>,
  { draft, store, bytesMax }: { draft: string; store: string; bytesMax: number },
): Promise<Omit<HandedIn, 'name'> | undefined> {
  await rm(draft, { force: true });
  const copy = await open(draft, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > bytesMax) return undefined;
      hash.update(piece);
      await copy.appendFile(piece);
    }
    await copy.sync();
    const sha256 = hash.digest('hex');
    await rename(draft, artifactPath(store, sha256));
    return { sha256, bytes };
  } finally {
    await copy.close();
    await rm(draft, { force: true });
  }
}

/** What a crash has cut is left as a line of its own: an entry behind it would be lost with it. */
async function addToList(files: RunDirectory, entry: HandedIn): Promise<void> {
  const before = await readPlainly(listFile(files));
  const isCut = before !== '' && !before.endsWith('\n');
  const list = await open(listFile(files), appending | plainly, 0o600);
  try {
    await list.appendFile(`${isCut ? '\n' : ''}${JSON.stringify(entry)}\n`);
  } finally {
    await list.close();
  }
}

/** A line that was cut by a crash is of a file whose sender got no answer. */
async function listed(files: RunDirectory): Promise<readonly HandedIn[]> {
  // Most runs hand in nothing: asking is cheaper than to fail.
  if (!existsSync(listFile(files))) return [];
  const lines = (await readPlainly(listFile(files))).split('\n').slice(0, -1);
  return lines.flatMap(entriesIn);
}

function entriesIn(line: string): readonly HandedIn[] {
  try {
    return [JSON.parse(line) as HandedIn];
  } catch {
    return [];
  }
}

function listFile({ path }: RunDirectory): string {
  return join(path, 'handed-in.jsonl');
}

/** The empty text where there is no file. */
async function readPlainly(path: string): Promise<string> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | plainly);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** What is done for one name is done one after the other. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
