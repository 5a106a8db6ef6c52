/** What lies in a run's directory, and who may read it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromShellCode, readExitStatus } from '../../src/host/exit-status.ts';
import { entriesOf, runDirectory } from '../../src/host/run-directory.ts';
import { tempDir } from '../kit/temp-dir.ts';

describe('a run directory', () => {
  it('is made with the token and the context in it', () => {
    const run = runDirectory('/board', 'R-1');
    expect(entriesOf(run, { token: 'secret', context: '# A task\n' })).toEqual([
      { is: 'directory', path: '/board/runs/R-1' },
      { is: 'file', path: '/board/runs/R-1/token', content: 'secret' },
      { is: 'file', path: '/board/runs/R-1/context.md', content: '# A task\n' },
    ]);
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
