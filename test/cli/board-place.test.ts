/** Which board a command line means. */
import { describe, expect, test } from 'vitest';
import { boardPlace } from '../../src/cli/board-place.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const around = {
  environment: {},
  directory: '/work/here',
  userHome: '/home/kai',
  home: '/home/kai/.local/share/logboard',
};
const directoryOf = (choice: string | undefined, environment = {}) =>
  boardPlace(choice, { ...around, environment }).directory;

describe('the chosen board', () => {
  test.each([
    ['./.logboard', '/work/here/.logboard'],
    ['.', '/work/here'],
    ['..', '/work'],
    ['../other', '/work/other'],
    ['sub/board', '/work/here/sub/board'],
    ['/srv/board', '/srv/board'],
    ['~/board', '/home/kai/board'],
    ['~', '/home/kai'],
    ['release', '/home/kai/.local/share/logboard/boards/release'],
    ['a-1_b', '/home/kai/.local/share/logboard/boards/a-1_b'],
  ])('%j is %s', (choice, directory) => {
    expect(directoryOf(choice)).toBe(directory);
  });

  test('is that of the folder when none is named', () => {
    expect(directoryOf(undefined)).toBe('/work/here/.logboard');
    expect(directoryOf(undefined, { LOGBOARD_BOARD: '' })).toBe('/work/here/.logboard');
  });

  test('is named by the environment, and by the flag before that', () => {
    const environment = { LOGBOARD_BOARD: 'release' };

    expect(directoryOf(undefined, environment)).toMatch(/boards\/release$/);
    expect(directoryOf('./mine', environment)).toBe('/work/here/mine');
  });

  test.each(['', 'Release', 'a b', '-x', '_x', 'a\0b', './a\0b', '~root/x', 'ä', 'x'.repeat(65)])(
    '%j is none',
    (choice) => {
      expect(() => directoryOf(choice)).toThrow(UsageError);
    },
  );
});
