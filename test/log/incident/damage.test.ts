/** A file that is not what was written is refused, and the first bad line is named. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IncidentDamaged, IncidentUnknown } from '../../../src/log/incident/faults.ts';
import { openIncidentFile } from '../../../src/log/incident/read.ts';
import { createSealer } from '../../../src/log/incident/seal.ts';
import { writeIncidentFile } from '../../../src/log/incident/write.ts';
import { openSqliteLog } from '../../../src/log/sqlite/sqlite-log.ts';
import { chosenSeed } from '../../kit/seed.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { appended, write } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';
import { fileOf } from './a-file.ts';

/** A sound file of a few lines. */
async function soundFile(): Promise<string> {
  const log = await openSqliteLog(tempDir(), realPorts);
  onTestFinished(() => log.close());
  await appended(log, write('task-1', 'no_stream', 3), write('task-2', 'no_stream', 2));
  return fileOf(log, { 'R-1': 'the mast is up\nthe sail is not\n' });
}

/** What is said of a file with these bytes; undefined when it opens. */
function verdictOn(bytes: Buffer): IncidentDamaged | IncidentUnknown | undefined {
  const path = join(tempDir(), 'changed.jsonl');
  writeFileSync(path, bytes);
  try {
    openIncidentFile(path).close();
    return undefined;
  } catch (error) {
    if (error instanceof IncidentDamaged || error instanceof IncidentUnknown) return error;
    throw error;
  }
}

/** The line, from 1, that a byte belongs to, and where the line begins. */
function lineAt(bytes: Buffer, offset: number) {
  const before = bytes.subarray(0, offset).toString('latin1');
  const line = before.split('\n').length;
  return { line, offset: before.lastIndexOf('\n') + 1 };
}

describe('a file that was altered', () => {
  it('is refused whichever byte is another one, and its line is named', async () => {
    const sound = readFileSync(await soundFile());
    expect(verdictOn(sound)).toBeUndefined();
    const change = fc.record({ at: fc.nat(sound.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(change, ({ at, to }) => {
        fc.pre(sound[at] !== to);
        const changed = Buffer.from(sound);
        changed[at] = to;
        const verdict = verdictOn(changed);
        if (verdict instanceof IncidentUnknown) {
          expect(lineAt(sound, at).line).toBe(1);
          return;
        }
        // A line end that is gone makes one line of two.
        expect(verdict).toMatchObject(lineAt(sound, at));
      }),
      { ...chosenSeed, numRuns: 400 },
    );
  });

  it('is refused wherever it is cut short, and its end is named', async () => {
    const sound = readFileSync(await soundFile());
    fc.assert(
      fc.property(fc.nat(sound.length - 1), (length) => {
        const verdict = verdictOn(sound.subarray(0, length));
        expect(verdict).toBeDefined();
        if (!(verdict instanceof IncidentDamaged)) return;
        const { line, offset } = lineAt(sound, length);
        expect(verdict).toMatchObject({ line, offset });
      }),
      { ...chosenSeed, numRuns: 300 },
    );
  });

  it('is refused when a line is missing, doubled, moved, or follows the end', async () => {
    const sound = readFileSync(await soundFile(), 'utf8');
    const lines = sound.split(/(?<=\n)/);
    const [header = '', first = '', second = ''] = lines;
    const rest = lines.slice(3);
    const damaged = [
      [header, second, ...rest],
      [header, first, first, second, ...rest],
      [header, second, first, ...rest],
      [...lines, first],
    ];
    for (const some of damaged) {
      expect(verdictOn(Buffer.from(some.join('')))).toBeInstanceOf(IncidentDamaged);
    }
  });

  it.each<[what: string, change: (line: string) => string, found: RegExp]>([
    ['says something else', (line) => line.replace('somebody', 'nobodyy'), /its hash is not that/],
    [
      'follows another event',
      (line) => line.replace(/"prevHash":".{8}/, '"prevHash":"00000000'),
      /chain|hash/,
    ],
    ['is another version', (line) => line.replace('"version":1', '"version":7'), /is missing/],
    ['stands elsewhere', (line) => line.replace('"position":2', '"position":1'), /out of order/],
    ['is of no kind', (line) => line.replace('"kind":"event"', '"kind":"evnet"'), /no line/],
    ['lacks a field', (line) => line.replace('"id":', '"ix":'), /id: /],
  ])('is refused although all checks fit: an event that %s', async (_what, change, found) => {
    const lines = readFileSync(await soundFile(), 'utf8')
      .trimEnd()
      .split('\n');
    const seal = createSealer();
    const resealed = lines.map((line, index) => {
      const changed = index === 2 ? change(line) : line;
      expect(index === 2 && changed === line).toBe(false);
      const { check: _, ...record } = JSON.parse(changed) as Record<string, unknown>;
      return seal(record);
    });
    const verdict = verdictOn(Buffer.concat(resealed));
    expect(verdict).toMatchObject({ code: 'incident_damaged', line: 3 });
    expect(verdict?.message).toMatch(found);
  });
});

describe('another file', () => {
  it.each([
    ['', 'empty'],
    ['SQLite format 3\0', 'byte 0'],
    ['{"format":"something-else","version":1}\n', 'byte 11'],
    ['[]\n', 'byte 0'],
  ])('is not taken for an incident file: %j', (text, found) => {
    expect(verdictOn(Buffer.from(text))).toMatchObject({
      code: 'not_an_incident',
      message: expect.stringContaining(found) as string,
    });
  });

  it('of a newer format is left to a newer program', () => {
    const line = '{"format":"logboard-incident","version":2,"whatever":true}\n';
    expect(verdictOn(Buffer.from(line))).toMatchObject({
      code: 'incident_too_new',
      message: 'The incident file has format version 2, and this program knows up to 1',
      hint: expect.stringContaining('Upgrade') as string,
    });
  });

  it('without a line end is refused before all of it is in memory', () => {
    const long = Buffer.alloc(64 * 1024 * 1024, 'x');
    Buffer.from('{"format":"logboard-incident","version":1,').copy(long);
    expect(verdictOn(long)).toMatchObject({ code: 'incident_damaged', line: 1, offset: 0 });
  });
});

describe('writing', () => {
  it('makes a file for its owner alone, and replaces none unless told to', async () => {
    const path = await soundFile();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path);
    const again = writeIncidentFile(path, noLines(), { force: false });
    await expect(again).rejects.toMatchObject({ code: 'file_exists' });
    expect(readFileSync(path)).toEqual(before);
    await writeIncidentFile(path, noLines(), { force: true });
    expect(readFileSync(path)).toHaveLength(0);
  });

  it('that fails leaves nothing behind, and what was there as it was', async () => {
    const path = await soundFile();
    const before = readFileSync(path);
    const failed = writeIncidentFile(path, failing(), { force: true });
    await expect(failed).rejects.toThrow('the disk is gone');
    expect(readFileSync(path)).toEqual(before);
    expect(() => statSync(`${path}.partial`)).toThrow();
  });
});

async function* noLines() {}

// biome-ignore lint/correctness/useYield: fails before there is a line
async function* failing(): AsyncGenerator<never> {
  throw new Error('the disk is gone');
}
