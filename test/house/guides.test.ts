/** The guides say what the code says: settings and invariants are compared in both directions. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { environmentName } from '../../src/config.ts';
import { findingKinds, rules } from '../../src/domain/diagnostics/diagnose.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';

function textOf(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}

/** The first cells of a Markdown table whose first cell is code. */
function rowsOf(markdown: string): readonly (readonly string[])[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
}

test('the configuration guide lists every setting with its variable and its default', () => {
  const documented = rowsOf(textOf('docs/configuration.md')).map(([, key, name, value]) => ({
    key,
    name,
    value,
  }));
  const real = Object.entries(defaultPolicy).map(([key, value]) => ({
    key,
    name: environmentName(key),
    value: String(value),
  }));
  expect(documented).toEqual(real);
});

test('the guarantees list every invariant that verify reports', () => {
  const documented = rowsOf(textOf('docs/guarantees.md')).map(([, name]) => name);
  const reported = textOf('src/app/verify.ts').matchAll(/#report\(\s*'([a-z_]+)'/g);
  const real = new Set([...reported].map(([, name]) => name));
  expect([...documented].sort()).toEqual([...real].sort());
});

test('the diagnostics guide lists every rule with its severities, in their order', () => {
  const documented = rowsOf(textOf('docs/diagnostics.md')).map(([, kind, severity]) => ({
    kind,
    severity,
  }));
  const real = findingKinds.map((kind) => ({ kind, severity: rules[kind].severities.join(', ') }));
  expect(documented).toEqual(real);
});
