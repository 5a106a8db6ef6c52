/** Every database is opened in one careful way, or not at all. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OpenRequest, openDatabase, thisMachine } from '../../src/sqlite/open.ts';
import { tempDir } from '../kit/temp-dir.ts';

const full = (path: string): OpenRequest => ({ path, durability: 'full' });

function opened(request: OpenRequest, machine = thisMachine): Database.Database {
  const db = openDatabase(request, machine);
  onTestFinished(() => {
    db.close();
  });
  return db;
}

describe('durability', () => {
  it('is FULL on the connection that creates the file and on every later one', () => {
    const path = join(tempDir(), 'log.db');
    for (const db of [opened(full(path)), opened(full(path)), opened(full(path))]) {
      db.exec('CREATE TABLE IF NOT EXISTS t (x)');
      expect(db.pragma('synchronous', { simple: true })).toBe(2);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    }
  });

  it('is NORMAL only where that was asked for', () => {
    const db = opened({ path: join(tempDir(), 'projections.db'), durability: 'normal' });
    expect(db.pragma('synchronous', { simple: true })).toBe(1);
  });

  it('never waits for a lock inside SQLite', () => {
    const db = opened(full(join(tempDir(), 'log.db')));
    expect(db.pragma('busy_timeout', { simple: true })).toBe(0);
  });
});

describe('the library', () => {
  const withVersion = (version: string) => ({ ...thisMachine, sqliteVersion: () => version });

  it.each(['3.7.0', '3.40.1', '3.51.2', '2.99.99'])('SQLite %s is refused', (version) => {
    const path = join(tempDir(), 'log.db');
    expect(() => openDatabase(full(path), withVersion(version))).toThrow(
      expect.objectContaining({ code: 'sqlite_too_old' }),
    );
  });

  it.each(['3.51.3', '3.52.0', '3.100.0', '4.0.0'])('SQLite %s is taken', (version) => {
    const path = join(tempDir(), 'log.db');
    expect(opened(full(path), withVersion(version)).open).toBe(true);
  });
});

describe('the file system', () => {
  const onType = (type: number) => ({ ...thisMachine, fileSystemType: () => type });

  it.each([
    ['NFS', 0x6969],
    ['SMB', 0x517b],
    ['SMB 2', 0xfe534d42],
    ['CIFS', 0xff534d42],
    ['CIFS as a signed number', 0xff534d42 | 0],
    ['9p', 0x01021997],
    ['FUSE', 0x65735546],
  ])('%s is refused, and nothing is created there', (_, type) => {
    const directory = tempDir();
    expect(() => openDatabase(full(join(directory, 'log.db')), onType(type))).toThrow(
      expect.objectContaining({ code: 'network_file_system' }),
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['ext4', 0xef53],
    ['xfs', 0x58465342],
    ['btrfs', 0x9123683e],
    ['zfs', 0x2fc12fc1],
    ['tmpfs', 0x01021994],
    ['overlay', 0x794c7630],
  ])('%s is taken', (_, type) => {
    expect(opened(full(join(tempDir(), 'log.db')), onType(type)).open).toBe(true);
  });

  it('any is taken when the operator vouches for it', () => {
    const request = { ...full(join(tempDir(), 'log.db')), trustFileSystem: true };
    expect(opened(request, onType(0x6969)).open).toBe(true);
  });
});

describe('access', () => {
  it('directories and files are made for their owner alone', () => {
    const directory = join(tempDir(), 'a', 'b');
    const db = opened(full(join(directory, 'log.db')));
    db.exec('CREATE TABLE t (x)');
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(modeOf(directory)).toBe('700');
    expect(readdirSync(directory).sort()).toEqual(['log.db', 'log.db-shm', 'log.db-wal']);
    for (const file of readdirSync(directory)) {
      expect(modeOf(join(directory, file))).toBe('600');
    }
  });

  it('a directory that others can write to is refused', () => {
    const directory = join(tempDir(), 'shared');
    mkdirSync(directory);
    chmodSync(directory, 0o775);
    expect(() => openDatabase(full(join(directory, 'log.db')))).toThrow(
      expect.objectContaining({ code: 'unsafe_permissions' }),
    );
  });

  it('a file that others can write to is refused', () => {
    const path = join(tempDir(), 'log.db');
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    expect(() => openDatabase(full(path))).toThrow(
      expect.objectContaining({ code: 'unsafe_permissions' }),
    );
  });

  it('reading creates nothing', () => {
    const path = join(tempDir(), 'no', 'log.db');
    expect(() => openDatabase({ ...full(path), access: 'read' })).toThrow(
      expect.objectContaining({ code: 'no_database' }),
    );
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('a connection for reading cannot write', () => {
    const path = join(tempDir(), 'log.db');
    opened(full(path)).exec('CREATE TABLE t (x)');
    const reader = opened({ ...full(path), access: 'read' });
    expect(reader.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0);
    expect(() => reader.exec('INSERT INTO t VALUES (1)')).toThrow(/readonly/);
  });

  it('what is no database is said to be none', () => {
    const path = join(tempDir(), 'log.db');
    writeFileSync(path, 'x'.repeat(4096), { mode: 0o600 });
    expect(() => openDatabase(full(path))).toThrow(
      expect.objectContaining({ kind: 'not_a_database' }),
    );
  });
});
