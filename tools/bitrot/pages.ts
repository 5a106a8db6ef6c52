/** What each byte of a database belongs to, read off its pages (sqlite.org/fileformat2.html). */
import Database from 'better-sqlite3';

/** Tells what the byte at a place of the file belongs to. */
export type PartOf = (place: number) => string;

const fileHeaderBytes = 100;

/** How a page of a table or an index begins: with its kind, in so many bytes. */
const headerBytesByKind: ReadonlyMap<number, number> = new Map([
  [2, 12],
  [5, 12],
  [10, 8],
  [13, 8],
]);

/** Looks at the closed database at `path`, whose bytes are `content`. */
export function readParts(path: string, content: Buffer): PartOf {
  const db = new Database(path, { readonly: true });
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  const owners = db.prepare<[], [number, string]>('SELECT pageno, name FROM dbstat').raw().all();
  db.close();
  const ownerOf = new Map(owners);
  const unused = new Set(unusedPlaces(content, pageBytes));
  return (place) => {
    if (place < fileHeaderBytes) return 'the header of the file';
    if (unused.has(place)) return 'unused bytes';
    return ownerOf.get(1 + Math.floor(place / pageBytes)) ?? 'free pages';
  };
}

/** Places in pages that no cell of theirs lies on. */
function* unusedPlaces(content: Buffer, pageBytes: number): Iterable<number> {
  for (let page = 0; page < content.length; page += pageBytes) {
    const header = page === 0 ? fileHeaderBytes : page;
    const headerBytes = headerBytesByKind.get(content[header] ?? 0);
    if (headerBytes === undefined) continue;
    const cells = content.readUInt16BE(header + 3);
    const firstCell = content.readUInt16BE(header + 5) || 65_536;
    yield* places(header + headerBytes + 2 * cells, page + firstCell);
    // A freed block begins with the next one's place and its own length.
    for (let block = content.readUInt16BE(header + 1); block !== 0; ) {
      yield* places(page + block + 4, page + block + content.readUInt16BE(page + block + 2));
      block = content.readUInt16BE(page + block);
    }
  }
}

function* places(from: number, end: number): Iterable<number> {
  for (let place = from; place < end; place += 1) yield place;
}
