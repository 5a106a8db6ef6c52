/** The top level of the house is fixed: code in four rooms, beside them only what people expect. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CODE_ROOMS, filesUnder, type House, type HouseRule } from './source.ts';

/** What may stand at the top level beside the rooms. */
const BESIDE = new Set([
  '.ci',
  '.git',
  '.gitignore',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'biome.jsonc',
  'docs',
  'examples',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  // The test runner finds its configuration only here.
  'vitest.config.ts',
]);

const CODE = new Set(['.cjs', '.css', '.js', '.jsx', '.mjs', '.mts', '.py', '.sql', '.ts', '.tsx']);

/** Finds entries of the top level that do not belong there. */
export const topLevel: HouseRule = function* ({ root }) {
  const ignored = ignoredNames(root);
  for (const name of readdirSync(root).sort()) {
    if (CODE_ROOMS.includes(name) || BESIDE.has(name) || ignored.has(name)) continue;
    const message = `the top level is fixed; code stands in ${CODE_ROOMS.join(', ')}`;
    yield { file: name, line: 1, rule: 'places', message };
  }
};

/** Finds code among the documentation. */
export const codeInDocs: HouseRule = function* ({ root }: House) {
  for (const file of filesUnder(root, 'docs')) {
    if (!CODE.has(extname(file))) continue;
    yield { file, line: 1, rule: 'places', message: 'docs/ holds words; code stands in its room' };
  }
};

function ignoredNames(root: string): ReadonlySet<string> {
  const file = join(root, '.gitignore');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Set(lines.map((line) => line.replace(/\/$/, '')));
}
