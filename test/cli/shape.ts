/** Makes documents comparable: what differs from run to run is replaced by what it is. */

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Figures that depend on the machine or the moment. */
const measured = new Set([
  'bytes',
  'costMs',
  'maxGapMs',
  'oldestReadyAgeMs',
  'pid',
  'tookMs',
  'forMs',
  'lookAgainInMs',
]);
/** Texts that do. */
const told = new Set([
  'dispatcherId',
  'found',
  'host',
  'node',
  'programVersion',
  // It names every option there is, and has tests of its own.
  'script',
  'version',
]);

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]+/g, '<link>'],
  [/SHA256:[\w+/]{43}/g, '<fingerprint>'],
  [/^[\w.-]+-[0-9a-f]{8}$/, '<dispatcher>'],
];

/** Makes documents of one board comparable; ids are counted in the order they are met. */
export function createShaper(directory: string): (document: unknown) => string {
  const names = new Map<string, string>();

  function nameOf(id: string): string {
    const known = names.get(id);
    if (known !== undefined) return known;
    const kind = id.startsWith('T-') ? 'task' : 'run';
    const count = [...names.values()].filter((name) => name.startsWith(`<${kind}`)).length;
    const name = `<${kind} ${count + 1}>`;
    names.set(id, name);
    return name;
  }

  function text(value: string): string {
    const plain = patterns.reduce((so, [what, name]) => so.replace(what, name), value);
    return plain
      .replaceAll(directory, '<dir>')
      .replace(/\b[TR]-[0-9A-HJKMNP-TV-Z]{10,12}\b/g, nameOf);
  }

  function shape(value: Json, key = ''): Json {
    if (typeof value === 'string') return told.has(key) ? '<text>' : text(value);
    if (typeof value === 'number') return measured.has(key) || key === 'at' ? '<number>' : value;
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item) => shape(item, key));
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [text(name), shape(item, name)]),
    );
  }

  return (document) => `${JSON.stringify(shape(document as Json), null, 2)}\n`;
}
