/** The configuration: which layer wins, where each value comes from, and what is refused. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Config,
  ConfigError,
  type ConfigSources,
  loadConfig,
  type Setting,
} from '../src/config.ts';
import { defaultPolicy } from '../src/domain/policy.ts';
import { tempDir } from './kit/temp-dir.ts';

interface Said {
  readonly yaml?: string;
  readonly environment?: ConfigSources['environment'];
  readonly flags?: ConfigSources['flags'];
}

function load({ yaml, environment = {}, flags = {} }: Said): Config {
  const directory = tempDir();
  if (yaml !== undefined) writeFileSync(join(directory, 'logboard.yaml'), yaml);
  return loadConfig({ environment, directory, flags });
}

function refusalOf(said: Said): ConfigError {
  try {
    load(said);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const originOf = ({ settings }: Config, key: string) =>
  settings.find((setting) => setting.key === key)?.origin;

describe('without a file, a variable or a flag', () => {
  test('the defaults are in force', () => {
    const config = load({});

    expect(config.policy).toEqual(defaultPolicy);
    expect(config).toMatchObject({ workers: {}, capabilities: [], file: undefined });
    expect(new Set(config.settings.map(({ origin }) => origin))).toEqual(new Set(['default']));
  });
});

describe('a setting', () => {
  const yaml = 'maxRunning: 2';
  const environment = { LOGBOARD_MAX_RUNNING: '4' };
  const flags = { maxRunning: 8 };

  test.each([
    [{ yaml }, 2, 'file'],
    [{ yaml, environment }, 4, 'environment'],
    [{ yaml, environment, flags }, 8, 'flag'],
    [{ yaml, environment: { LOGBOARD_MAX_RUNNING: '' } }, 2, 'file'],
  ] as const)('said by %j is %i, from the %s', (said, value, origin) => {
    const config = load(said);

    expect(config.policy.maxRunning).toBe(value);
    expect(originOf(config, 'maxRunning')).toBe(origin);
  });

  test.each([
    ['claimTtlMs: 5m', 300_000],
    ['claimTtlMs: 1500', 1_500],
    ['claimTtlMs: "2h"', 7_200_000],
  ])('may be a duration: %s', (text, claimTtlMs) => {
    expect(load({ yaml: text }).policy).toMatchObject({ claimTtlMs });
  });

  test.each([
    [{ yaml: 'maxRunning: many' }, 'maxRunning'],
    [{ yaml: 'maxRunning: 0' }, 'maxRunning'],
    [{ yaml: 'claimTtlMs: -5' }, 'claimTtlMs'],
    [{ environment: { LOGBOARD_CLAIM_TTL_MS: 'soon' } }, 'LOGBOARD_CLAIM_TTL_MS'],
    [{ flags: { failureLimit: 'x' } }, 'failureLimit'],
  ])('that is malformed is named: %j', (said, where) => {
    const { code, message, hint } = refusalOf(said);

    expect(code).toBe('bad_config');
    expect(message).toContain(where);
    expect(hint).not.toBe('');
  });
});

describe('the crash grace in seconds', () => {
  const seconds = 'LOGBOARD_CRASH_GRACE_SECONDS';
  const setting = (said: Said) => {
    const { settings, warnings } = load(said);
    const { value, origin, environmentName } = settings.find(
      ({ key }) => key === 'crashGraceMs',
    ) as Setting;
    return { value, origin, environmentName, warnings };
  };

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['007', 7_000],
    ['86400', 86_400_000],
  ])('holds where it is a whole number: %j', (text, value) => {
    expect(setting({ yaml: 'crashGraceMs: 5s', environment: { [seconds]: text } })).toEqual({
      value,
      origin: 'environment',
      environmentName: seconds,
      warnings: [],
    });
  });

  test.each([
    '',
    ' ',
    ' 7',
    '-1',
    '+7',
    '1.5',
    '1,5',
    '1e3',
    '0x10',
    '30s',
    'soon',
    'NaN',
    'Infinity',
    '999999999999',
    '9'.repeat(400),
    '\u0000',
    '七',
  ])('is passed over with one warning where it is not: %j', (text) => {
    const environment = { [seconds]: text };
    const passedOver = setting({ environment });
    expect(passedOver).toMatchObject({ value: defaultPolicy.crashGraceMs, origin: 'default' });
    expect(passedOver.warnings).toEqual([expect.stringMatching(/SECONDS.*stays 30000$/)]);
    expect(setting({ yaml: 'crashGraceMs: 5s', environment })).toMatchObject({
      value: 5_000,
      origin: 'file',
    });
  });

  test('gives way to the variable in milliseconds', () => {
    const inMs = { LOGBOARD_CRASH_GRACE_MS: '9' };
    for (const text of ['7', 'soon']) {
      expect(setting({ environment: { ...inMs, [seconds]: text } })).toEqual({
        value: 9,
        origin: 'environment',
        environmentName: 'LOGBOARD_CRASH_GRACE_MS',
        warnings: [],
      });
    }
  });
});

/** Ten times ten times ten times ten, from a few lines. */
const endless = [
  'workers:',
  '  a: &a [x, x, x, x, x, x, x, x, x, x]',
  '  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
  '  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
  '  d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]',
].join('\n');

describe('a file', () => {
  test('is looked for upwards', () => {
    const directory = tempDir();
    const below = join(directory, 'a', 'b');
    mkdirSync(below, { recursive: true });
    writeFileSync(join(directory, 'logboard.yaml'), 'maxRunning: 7');

    const config = loadConfig({ environment: {}, directory: below });

    expect(config.policy.maxRunning).toBe(7);
    expect(config.file).toBe(join(directory, 'logboard.yaml'));
  });

  test.each([
    ['a flag', { file: 'other.yaml' }],
    ['a variable', { environment: { LOGBOARD_CONFIG: 'other.yaml' } }],
  ])('can be named by %s, relative to the working directory', (_what, named) => {
    const directory = tempDir();
    writeFileSync(join(directory, 'other.yaml'), 'maxRunning: 7');
    writeFileSync(join(directory, 'logboard.yaml'), 'maxRunning: 1');

    expect(loadConfig({ environment: {}, directory, ...named }).policy.maxRunning).toBe(7);
  });

  test('that is named and not there is refused', () => {
    const sources = { environment: {}, directory: tempDir(), file: 'missing.yaml' };

    expect(() => loadConfig(sources)).toThrow(ConfigError);
  });

  test('that is empty says nothing', () => {
    expect(load({ yaml: '# nothing yet\n' }).policy).toEqual(defaultPolicy);
  });

  test.each([
    ['an unknown key', 'maxRuning: 2', /logboard\.yaml:1: unknown key maxRuning/, /maxRunning/],
    ['a key said twice', 'maxRunning: 1\nmaxRunning: 2', /logboard\.yaml:2/, /./],
    ['a list', '- maxRunning', /map of keys/, /key: value/],
    ['broken YAML', 'workers: {', /logboard\.yaml:/, /YAML/],
    ['workers that are a list', 'workers: [a]', /map of assignees/, /build/],
    ['a worker without a program', 'workers: { a: { run: [] } }', /workers\.a\.run/, /./],
    ['a worker with an unknown key', 'workers: { a: { run: [x], rum: 1 } }', /workers\.a/, /./],
    ['capabilities that are no names', 'capabilities: [1]', /list of names/, /gpu/],
    ['aliases without end', endless, /alias/i, /Write the values out/],
    [
      'a duration without its unit',
      'workers: { a: { run: [x], maxRuntime: 90 } }',
      /workers\.a\.maxRuntime: 90 says no unit: write 90s for seconds, or 90ms/,
      /./,
    ],
  ])('with %s is refused where it is', (_what, yaml, message, hint) => {
    const refusal = refusalOf({ yaml });

    expect(refusal.message).toMatch(message);
    expect(refusal.hint).toMatch(hint);
  });

  test('defines workers, with their defaults', () => {
    const { workers } = load({ yaml: 'workers: { build: { run: [make, all], maxRuntime: 5m } }' });

    expect(workers['build']).toMatchObject({
      run: ['make', 'all'],
      maxRuntimeMs: 300_000,
      stdin: 'none',
    });
  });

  test('says what this host can do', () => {
    expect(load({ yaml: 'capabilities: [gpu, big]' }).capabilities).toEqual(['gpu', 'big']);
  });
});

test.each([
  [{ environment: { LOGBOARD_MAX_RUNNING: 'many' } }, /whole number, or leave it out.*is 3\./],
  [
    { environment: { LOGBOARD_CLAIM_TTL_MS: 'soon' } },
    /Give milliseconds, or a duration such as 90s/,
  ],
  [{ flags: { defaultAssignee: '' } }, /the name of an assignee/],
])(
  'the hint about %j says what to write, and sends nobody where the same is said',
  (said, hint) => {
    expect(refusalOf(said).hint).toMatch(hint);
    expect(refusalOf(said).hint).not.toContain('config list');
  },
);

describe('privacy.encrypt', () => {
  const settingOf = ({ settings }: Config) => settings.find(({ key }) => key === 'privacy.encrypt');

  test('unsaid, is left to what the board remembers', () => {
    const config = load({ yaml: 'maxRunning: 2' });

    expect(config.encrypt).toBeUndefined();
    expect(settingOf(config)).toMatchObject({ value: false, origin: 'default' });
  });

  test.each([
    ['privacy: { encrypt: true }', {}, true, 'file'],
    ['privacy: { encrypt: false }', {}, false, 'file'],
    ['privacy: { encrypt: false }', { LOGBOARD_PRIVACY_ENCRYPT: 'true' }, true, 'environment'],
    ['', { LOGBOARD_PRIVACY_ENCRYPT: 'false' }, false, 'environment'],
  ])('%j with %j is %s, said by the %s', (yaml, environment, value, origin) => {
    const config = load({ yaml, environment });

    expect(config.encrypt).toBe(value);
    expect(settingOf(config)).toMatchObject({ value, origin });
  });

  test.each([
    ['a word', { yaml: 'privacy: { encrypt: yess }' }, /privacy\.encrypt = "yess"/],
    ['a variable', { environment: { LOGBOARD_PRIVACY_ENCRYPT: '1' } }, /LOGBOARD_PRIVACY_ENCRYPT/],
    ['no map', { yaml: 'privacy: true' }, /privacy must be a map/],
    ['an unknown key', { yaml: 'privacy: { encryt: true }' }, /unknown key privacy\.encryt/],
  ])('that is malformed is refused: %s', (_, said, message) => {
    expect(refusalOf(said).message).toMatch(message);
  });
});
