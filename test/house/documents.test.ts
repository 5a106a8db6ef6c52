/** Documents that must agree with the package: dependencies, lock file, changelog, scripts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHouse } from '../../tools/tidy/source.ts';
import { house } from './checkout.ts';

type Versions = Readonly<Record<string, string>>;

/** What runs as the program; the page is built into it, with all that it imports. */
const PROGRAM = /^(src\/(?!web\/)|projections\/)/;

interface Package {
  readonly version: string;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies?: Versions;
  readonly peerDependencies?: Versions;
}

const manifest: Package = JSON.parse(read('package.json'));
const lock: Readonly<Record<string, Partial<Package>>> = JSON.parse(
  read('package-lock.json'),
).packages;

describe('a dependency', () => {
  test('has its reason in CONTRIBUTING.md, and every reason its dependency', () => {
    const reasons = [...read('CONTRIBUTING.md').matchAll(/^- \*\*(.+?)\*\*: .{20,}\.$/gm)];

    expect(reasons.map(([, name]) => name).sort()).toEqual(
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort(),
    );
  });

  test('is declared for the program exactly when the program imports it', () => {
    const imported = readHouse(house)
      .sources.filter(({ file }) => PROGRAM.test(file))
      .flatMap(({ imports }) => imports)
      .filter(({ specifier, target }) => target === undefined && !specifier.startsWith('node:'))
      .map(({ specifier }) => packageOf(specifier));

    expect([...new Set(imported)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

describe('the lock file', () => {
  test('names no registry, so that every mirror serves', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  test('speaks of the same direct dependencies as package.json', () => {
    expect(lock['']?.dependencies).toEqual(manifest.dependencies);
    expect(lock['']?.devDependencies).toEqual(manifest.devDependencies);
  });

  test('knows every package it speaks of: npm ci refuses a lock with gaps', () => {
    const known = new Set(Object.keys(lock).map((path) => path.replace(/^.*node_modules\//, '')));
    const spokenOf = Object.values(lock).flatMap((entry) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }),
    );

    expect(spokenOf.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the changelog', () => {
  const changelog = read('CHANGELOG.md');
  const sections = [...changelog.matchAll(/^## (.*)$/gm)].map(([, title]) => title ?? '');

  test('is in the form of Keep a Changelog', () => {
    const kinds = [...changelog.matchAll(/^### (.*)$/gm)].map(([, title]) => title);

    expect(changelog).toMatch(/^# Changelog\n/);
    expect(sections[0]).toBe('[Unreleased]');
    expect(
      sections.slice(1).filter((title) => !/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/.test(title)),
    ).toEqual([]);
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    expect(kinds.filter((kind) => !known.includes(kind ?? ''))).toEqual([]);
  });

  test('has the released version of package.json on top', () => {
    const released = sections[1];

    if (released !== undefined) expect(released).toContain(`[${manifest.version}]`);
  });
});

/** `@scope/name` of `@scope/name/deep/path`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function read(file: string): string {
  return readFileSync(join(house, file), 'utf8');
}
