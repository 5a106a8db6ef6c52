/**
 * Whether dist/ is the build of the present sources: a digest of every source file's name, size and
 * time of change, kept beside the build. It reads no file, so it costs a few milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampFile as installStampFile } from './install.mjs';

/** What a build is made of, as far as the program goes; tests change nothing in it. */
const SOURCES = ['src', 'projections', 'tools', 'tsconfig.json', 'package.json'];

/** Tells whether the build is that of the present sources. @param {string} root */
export function isBuilt(root) {
  const file = stampFile(root);
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint(root);
}

/**
 * Takes the stamp away before a build begins and answers the one to record at its end. A source
 * saved in between differs from it, and is built next time.
 *
 * @param {string} root
 */
export function withdrawBuild(root) {
  rmSync(stampFile(root), { force: true });
  return fingerprint(root);
}

/**
 * Records that dist/ is the build of the sources the stamp was taken from.
 *
 * @param {string} root
 * @param {string} stamp
 */
export function recordBuild(root, stamp) {
  writeFileSync(stampFile(root), stamp);
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'dist', '.stamp');
}

/** @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256');
  for (const path of [...SOURCES.map((name) => join(root, name)), installStampFile(root)]) {
    for (const file of filesUnder(path)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file.slice(root.length)} ${size} ${mtimeMs}\n`);
    }
  }
  return `${hash.digest('hex')}\n`;
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return files.sort();
}
