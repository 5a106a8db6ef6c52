/**
 * A disk with a cache in front of it, as files see it: what was synced stays, and of what was not,
 * a power cut keeps what it likes.
 *
 * Of one file it keeps any of the unsynced changes, in whole or up to the middle of a sector: the
 * disk writes them in the order that suits it. Of the directory it keeps the first so many changes:
 * file systems log those in order. That is less than any file system promises.
 */
import type { Chance } from '../trial/chance.ts';
import type { Change, Step } from './trace.ts';

/** The files of the directory after a power cut, by name. */
export type Image = ReadonlyMap<string, Buffer>;

interface Inode {
  durable: Buffer;
  /** Not synced yet, oldest first. */
  unsynced: Pending[];
}

interface Pending {
  /** How many steps there were before it. */
  readonly at: number;
  readonly change: Change;
  /** A sync that failed let go of it: no later sync makes it durable. */
  readonly isForsaken: boolean;
}

interface Renaming {
  readonly at: number;
  /** What the names mean afterwards; undefined is no file. */
  readonly names: ReadonlyMap<string, Inode | undefined>;
}

const sectorBytes = 512;

/** The disk under one directory, which is there and empty at the beginning. */
export class Disk {
  #steps = 0;
  readonly #names = new Map<string, Inode>();
  readonly #durableNames = new Map<string, Inode>();
  #renamings: Renaming[] = [];

  /** Takes the next step. */
  apply(step: Step): void {
    const at = this.#steps;
    this.#steps += 1;
    if (step.kind === 'create' && !this.#names.has(step.file)) {
      this.#rename(at, [[step.file, newInode()]]);
    } else if (step.kind === 'remove') {
      this.#rename(at, [[step.file, undefined]]);
    } else if (step.kind === 'rename') {
      this.#rename(at, [
        [step.to, this.#inode(step.file)],
        [step.file, undefined],
      ]);
    } else if (step.kind === 'change') {
      this.#inode(step.file).unsynced.push({ at, change: step.change, isForsaken: false });
    } else if (step.kind === 'sync') {
      this.#sync(step);
    }
  }

  /** What the directory holds when the power fails now. */
  cut(chance: Chance): Image {
    const names = new Map(this.#durableNames);
    const kept = this.#renamings.slice(0, chance.below(this.#renamings.length + 1));
    for (const renaming of kept) point(names, renaming.names);
    const keeps = chance.pick(habits)(chance);
    return new Map(
      [...names].map(([name, inode]) => [name, contentAfterCut(inode, keeps, chance)]),
    );
  }

  #inode(file: string): Inode {
    const inode = this.#names.get(file);
    if (inode === undefined) throw new Error(`${file} was changed and never made`);
    return inode;
  }

  #rename(at: number, names: readonly (readonly [string, Inode | undefined])[]): void {
    const renaming = { at, names: new Map(names) };
    this.#renamings.push(renaming);
    point(this.#names, renaming.names);
  }

  #sync({ file, began, failed }: Extract<Step, { kind: 'sync' }>): void {
    if (file !== '') {
      syncInode(this.#inode(file), began, failed);
      return;
    }
    if (failed) return;
    const covered = this.#renamings.filter(({ at }) => at < began);
    for (const { names } of covered) point(this.#durableNames, names);
    this.#renamings = this.#renamings.filter(({ at }) => at >= began);
  }
}

function newInode(): Inode {
  return { durable: Buffer.alloc(0), unsynced: [] };
}

function point(map: Map<string, Inode>, names: ReadonlyMap<string, Inode | undefined>): void {
  for (const [name, inode] of names) {
    if (inode === undefined) map.delete(name);
    else map.set(name, inode);
  }
}

function syncInode(inode: Inode, began: number, failed: boolean): void {
  const isCovered = ({ at }: Pending) => at < began;
  if (failed) {
    // Lengths are in the file system's own log, which is another matter than the file's bytes.
    const isForsaken = (each: Pending) => isCovered(each) && each.change.kind === 'write';
    inode.unsynced = inode.unsynced.map((each) =>
      isForsaken(each) ? { ...each, isForsaken: true } : each,
    );
    return;
  }
  const covered = inode.unsynced.filter((each) => isCovered(each) && !each.isForsaken);
  for (const { change } of covered) inode.durable = changed(inode.durable, change);
  inode.unsynced = inode.unsynced.filter(
    (each) => !covered.includes(each) && !covered.some((later) => replaces(later, each)),
  );
}

/** What was written to the same place again is not forsaken any more. */
function replaces(later: Pending, { at, change }: Pending): boolean {
  if (at > later.at || later.change.kind !== 'write' || change.kind !== 'write') return false;
  const { at: from, bytes } = later.change;
  return from <= change.at && change.at + change.bytes.length <= from + bytes.length;
}

/** Whether an unsynced change is kept: yes, no, or up to the middle of one of its sectors. */
type Keeps = () => 'yes' | 'no' | 'torn';

/** How a disk may have gone about it: nothing, everything, or some of it, more or less. */
const habits: readonly ((chance: Chance) => Keeps)[] = [
  () => () => 'no',
  () => () => 'yes',
  (chance) => () => (chance.happens(0.5) ? 'yes' : 'no'),
  (chance) => () => chance.pick(['yes', 'no', 'torn']),
  (chance) => {
    const share = chance.float();
    return () => (chance.happens(share) ? 'yes' : 'torn');
  },
];

function contentAfterCut(inode: Inode, keeps: Keeps, chance: Chance): Buffer {
  let content: Buffer = Buffer.from(inode.durable);
  for (const { change } of inode.unsynced) {
    const kept = keeps();
    if (kept === 'no') continue;
    content = changed(content, kept === 'torn' ? torn(change, chance) : change);
  }
  return content;
}

/** A change of which only a part came to be: whole sectors, and half of one more. */
function torn(change: Change, chance: Chance): Change {
  if (change.kind === 'truncate') return change;
  const sectors = Math.ceil(change.bytes.length / sectorBytes);
  const end = chance.below(sectors) * sectorBytes + chance.pick([0, sectorBytes / 2]);
  return { ...change, bytes: change.bytes.subarray(0, end) };
}

/** Content after a change; a gap is filled with zeros. */
function changed(content: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') return resized(content, change.size);
  const end = change.at + change.bytes.length;
  const grown = end > content.length ? resized(content, end) : content;
  change.bytes.copy(grown, change.at);
  return grown;
}

function resized(content: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  content.copy(result);
  return result;
}
