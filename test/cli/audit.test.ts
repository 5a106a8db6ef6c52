/** Audit exports: what is signed can be checked without the board, and nothing else passes. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openAuditKey } from '../../src/host/audit-key.ts';
import { codec } from '../../src/log/codec.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { checkAudit } from '../../src/main/audit-check.ts';
import { exportAudit } from '../../src/main/audit-export.ts';
import { writeBeatingRuns } from '../kit/beating-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { anEvent } from '../log/an-event.ts';
import { realPorts } from '../log/real-ports.ts';
import { type CommandLine, commandLine } from './command-line.ts';
import { copyOf, yard } from './past.ts';

/** A board on which something has happened, and an export of all of it. */
async function exported(...range: readonly string[]) {
  const cli = await yard();
  const hull = await cli.create('Paint the hull ⚓', '--assignee', 'paint');
  await cli.create('Launch', '--parent', hull);
  await cli.json(['comment', hull, 'mind the bow']);
  await cli.json(['complete', hull, '--summary', 'two coats']);
  const made = await cli.json(['audit', 'export', '-o', 'all.audit', ...range]);
  return { cli, made, file: join(cli.directory, 'all.audit') };
}

/** What another machine says of a file: it has no board and no key. */
function elsewhere(text: string | Buffer): CommandLine {
  const cli = commandLine();
  writeFileSync(join(cli.directory, 'all.audit'), text);
  return cli;
}

const check = ['audit', 'check', 'all.audit'];

test('an export is genuine on a machine that has nothing but the file and the key', async () => {
  const { cli, made, file } = await exported();
  const other = elsewhere(readFileSync(file));
  writeFileSync(join(other.directory, 'their.pem'), readFileSync(made.publicKeyFile));
  for (const key of [made.fingerprint, 'their.pem']) {
    const found = await other.json([...check, '--key', key]);
    expect(found).toMatchObject({ ok: true, isKeyKnown: true, from: 1, body: made.body });
    expect(found.log).toEqual({ position: made.last, hash: found.head });
  }
  const { hash } = await cli.json(['verify']);
  expect(await other.json(check)).toMatchObject({ head: hash, isKeyKnown: false });
});

test('the private key is readable by its owner alone, and the same for every export', async () => {
  const { cli, made } = await exported();
  expect(statSync(join(cli.home, 'audit-key.pem')).mode & 0o777).toBe(0o600);
  const again = await cli.json(['audit', 'export', '-o', 'again.audit']);
  expect(again).toMatchObject({ fingerprint: made.fingerprint, body: made.body });
});

test('a part of the log is tied to the rest by the hash before it', async () => {
  const { cli, file } = await exported('--from', '3', '--to', '4');
  const found = await cli.json(check);
  expect(found).toMatchObject({ from: 3, to: 4, events: 2 });
  const db = new Database(join(cli.directory, '.logboard', 'log.db'), { readonly: true });
  const hashAt = db.prepare('SELECT lower(hex(hash)) FROM events WHERE position = ?').pluck();
  expect(found).toMatchObject({ before: hashAt.get(2), head: hashAt.get(4) });
  db.close();
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(6);
});

describe('a file that is not as it was signed', () => {
  test('is refused wherever it is cut', async () => {
    const { file } = await exported();
    const whole = readFileSync(file);
    for (let size = whole.length - 1; size > 0; size -= 97) {
      const other = elsewhere(whole.subarray(0, size));
      const ran = await other.run([...check, '--json']);
      expect(ran.exit).toBe(size > 300 ? 9 : ran.exit || 1);
      expect(['audit_cut', 'not_an_audit']).toContain(JSON.parse(ran.stdout).error.code);
    }
  });

  test('is refused, and the line named, whichever one is altered', async () => {
    const { file } = await exported();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    for (const [index, line] of lines.entries()) {
      const changed = lines.with(index, swapLetter(line)).join('\n');
      const ran = await elsewhere(`${changed}\n`).run([...check, '--json']);
      const { error } = JSON.parse(ran.stdout);
      expect(error.code).toMatch(/audit_altered|not_an_audit/);
      expect(error.facts.line).toBe(index + 1);
    }
  });

  test('is refused when a line is taken out, doubled, or put after the signature', async () => {
    const { file } = await exported();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    for (const changed of [
      lines.toSpliced(2, 1),
      lines.toSpliced(2, 0, lines[2]!),
      [...lines, lines[2]!],
    ]) {
      const other = elsewhere(`${changed.join('\n')}\n`);
      const { error } = await other.json(check, { exit: 9 });
      expect(error.code).toBe('audit_altered');
    }
  });

  test.each([
    ['the board', /"board":"[^"]+"/, '"board":"another"', 1],
    ['the epoch', /"epoch":"/, '"epoch":"0', 1],
    ['the time of export', /"exportedAt":"20/, '"exportedAt":"19', undefined],
    ['where the log stood', /"log":\{"position":/, '"log":{"position":9', undefined],
  ])('is refused when %s is another, in all form', async (_, found, other, line) => {
    const { file } = await exported();
    const text = readFileSync(file, 'utf8');
    const { error } = await elsewhere(text.replace(found, other)).json(check, { exit: 9 });
    expect(error.code).toBe('audit_altered');
    expect(error.facts.line).toBe(line ?? text.trimEnd().split('\n').length);
  });

  test('is refused when somebody else has signed it', async () => {
    const { made } = await exported();
    const { file } = await exported();
    const other = elsewhere(readFileSync(file));
    const { error } = await other.json([...check, '--key', made.fingerprint], { exit: 9 });
    expect(error.code).toBe('audit_key_differs');
  });

  test('is refused when it is something else altogether', async () => {
    const { error } = await elsewhere('Dear auditor,\n').json(check, { exit: 2 });
    expect(error.code).toBe('not_an_audit');
    await elsewhere('').json(check, { exit: 2 });
  });
});

describe('against a board', () => {
  const against = [...check, '--against', '.logboard'];

  test('that has gone on, the file still holds', async () => {
    const { cli } = await exported();
    await cli.create('After the export');
    const { compared } = await cli.json(against);
    expect(compared).toEqual({ isSameEpoch: true, thinnedSince: 0 });
  });

  test('that has thinned its beats since, the file holds, and the rest is compared', async () => {
    const cli = await yard();
    const log = await openSqliteLog(join(cli.directory, '.logboard'), realPorts);
    await writeBeatingRuns(log, { runs: 2, beats: 100, batch: 'B' });
    await log.close();
    await cli.json(['audit', 'export', '-o', 'all.audit']);
    const { thinned } = await cli.json(['gc', '--older-than', '1d']);
    expect(thinned.beats).toBeGreaterThan(190);
    expect(await cli.json(['verify'])).toMatchObject({ ok: true });
    const { compared } = await cli.json(against);
    expect(compared).toEqual({ isSameEpoch: true, thinnedSince: thinned.beats });
    await cli.json(['audit', 'export', '-o', 'thin.audit']);
    const found = await cli.json(['audit', 'check', 'thin.audit', '--against', '.logboard']);
    expect(found).toMatchObject({ ok: true, thinned: thinned.beats });
  });

  test('that was changed afterwards, the event is named', async () => {
    const { cli } = await exported();
    const copy = copyOf(cli);
    const db = new Database(join(copy.directory, '.logboard', 'log.db'));
    db.exec('DROP TRIGGER events_are_never_updated');
    db.exec(`UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 3`);
    db.close();
    const { error } = await copy.json(against, { exit: 9 });
    expect(['audit_differs', 'log_damaged']).toContain(error.code);
  });

  test('that is another one, the first event differs', async () => {
    const { file } = await exported();
    const { cli: other } = await exported();
    writeFileSync(join(other.directory, 'all.audit'), readFileSync(file));
    const { error } = await other.json(against, { exit: 9 });
    expect(error).toMatchObject({ code: 'audit_differs', facts: { position: 1 } });
  });

  test('that was restored from a backup, it holds, and the new epoch is said', async () => {
    const { cli } = await exported();
    await cli.json(['backup', 'copy.db']);
    await cli.json(['restore', 'copy.db', '--board', './recovered']);
    const { compared } = await cli.json([...check, '--against', './recovered']);
    expect(compared).toMatchObject({ isSameEpoch: false });
  });
});

describe('what cannot be exported or checked', () => {
  test.each([
    ['beyond the head', ['audit', 'export', '--to', '99'], 'beyond_head', 3],
    ['a swapped range', ['audit', 'export', '--from', '4', '--to', '2'], 'range_swapped', 2],
    ['a file in the way', ['audit', 'export', '-o', 'all.audit'], 'file_exists', 2],
    ['a file that is not there', ['audit', 'check', 'none.audit'], 'ENOENT', 2],
    ['a key that is none', [...check, '--key', 'logboard.yaml'], 'key_malformed', 2],
    ['no such deed', ['audit', 'burn'], 'usage', 2],
  ])('%s', async (_, argv, code, exit) => {
    const { cli } = await exported();
    const { error } = await cli.json(argv, { exit });
    expect(error.code).toBe(code);
  });

  test('a damaged log is not signed, and no file is left', async () => {
    const { cli } = await exported();
    const db = new Database(join(cli.directory, '.logboard', 'log.db'));
    db.exec('DROP TRIGGER events_are_never_updated');
    db.exec(`UPDATE events SET data = replace(data, 'Paint', 'Burn') WHERE position = 2`);
    db.close();
    await cli.json(['audit', 'export', '-o', 'new.audit'], { exit: 9 });
    expect(() => statSync(join(cli.directory, 'new.audit'))).toThrow();
    expect(() => statSync(join(cli.directory, 'new.audit.partial'))).toThrow();
  });
});

/** The first letter of a line, somewhere past its middle, becomes another one. */
function swapLetter(line: string): string {
  const at = line.search(/[a-z](?=.{0,200}$)/);
  return `${line.slice(0, at)}${line[at] === 'z' ? 'y' : 'z'}${line.slice(at + 1)}`;
}

const meta = {
  actor: { kind: 'human', id: 'ada' },
  surface: 'cli',
  commandId: 'c-1',
  $correlationId: 'c-1',
  $causationId: 'c-1',
  at: 1_790_000_000_000,
} as const;
const created = { type: 'BoardCreated', data: { name: 'harbour', epoch: 'epoch-1' } } as const;
const founded = codec.encode('e-1', created, meta);
const fixed = (id: string) => anEvent({ id });

describe('format 1', () => {
  const golden = new URL('golden-audit/format-1.audit', import.meta.url);

  test('is read for ever', async () => {
    const found = await checkAudit(golden.pathname, {}, () => {});
    expect(found).toMatchObject({ refused: false, footer: { events: 3, thinned: 0 } });
  });

  test('makes the same body of the same past', async () => {
    const directory = tempDir();
    const clock = { ...realPorts.clock, nowMs: () => 1_790_000_000_000 };
    const log = await openSqliteLog(directory, { ...realPorts, clock, newEpoch: () => 'epoch-1' });
    await log.append([
      { stream: 'board', expected: 'no_stream', events: [founded] },
      { stream: 'task-1', expected: 'no_stream', events: [fixed('e-2'), fixed('e-3 ⚓')] },
    ]);
    const file = join(directory, 'out.audit');
    const signing = { key: openAuditKey(directory), program: 'logboard 0.1.0' };
    await exportAudit(log, { file, nowMs: clock.nowMs() }, signing, () => {});
    await log.close();
    const bodyOf = (path: string | URL) => readFileSync(path, 'utf8').split('\n').slice(0, -2);
    expect(bodyOf(file)).toEqual(bodyOf(golden));
  });
});
