/** What lies in a run's directory, and who may read it. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromShellCode, readExitStatus } from '../../src/host/exit-status.ts';
import { prepareRunDirectory, runDirectory } from '../../src/host/run-directory.ts';
import { tempDir } from '../kit/temp-dir.ts';

const contents = { token: 'secret', context: '# A task\n' };

describe('a run directory', () => {
  it('holds the token and the context, for the owner alone', async () => {
    const run = runDirectory(tempDir(), 'R-1');
    await prepareRunDirectory(run, contents);
    expect(readdirSync(run.path).sort()).toEqual(['context.md', 'token']);
    expect(readFileSync(run.token, 'utf8')).toBe('secret');
    expect(readFileSync(run.context, 'utf8')).toBe('# A task\n');
    expect(statSync(run.path).mode & 0o777).toBe(0o700);
    expect(statSync(run.token).mode & 0o777).toBe(0o600);
    expect(statSync(run.context).mode & 0o777).toBe(0o600);
  });

  it('is prepared once, so that no second worker gets into it', async () => {
    const run = runDirectory(tempDir(), 'R-1');
    await prepareRunDirectory(run, contents);
    await expect(prepareRunDirectory(run, contents)).rejects.toThrow(/EEXIST/);
  });

  it.each([
    '',
    '.',
    '..',
    '../R-1',
    'a/b',
    '/etc',
    '-rf',
    'a\0b',
    'a b',
    '.hidden',
    'x'.repeat(200),
  ])('is not named %o', (name) => {
    expect(() => runDirectory('/board', name)).toThrow(
      expect.objectContaining({ code: 'unsafe_name' }),
    );
  });
});

describe('the exit status', () => {
  const readBack = (text: string) => {
    const path = join(tempDir(), 'exit');
    writeFileSync(path, text);
    return readExitStatus(path);
  };

  it.each([
    ['started\n', 'running'],
    ['not_started\n', 'not_started'],
    ['started\nexit 0\n', { code: 0 }],
    ['started\nexit 75\n', { code: 75 }],
    ['started\nexit 137\n', { signal: 'SIGKILL' }],
    ['started\nexit 3', 'running'],
    ['start', undefined],
    ['', undefined],
    ['nonsense\n', undefined],
  ])('recorded as %o is %o', (text, expected) => {
    expect(readBack(text)).toEqual(expected);
  });

  it('is not there before the launcher has written it', () => {
    expect(readExitStatus('/no/such/file')).toBeUndefined();
  });

  it('names signals that Node has no name for', () => {
    expect(fromShellCode(128 + 40)).toEqual({ signal: 'SIG40' });
    expect(fromShellCode(255)).toEqual({ code: 255 });
  });
});
