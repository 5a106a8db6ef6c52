/** One table for all doors, in the code and in the README. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { refusalCodes } from '../src/domain/refusal.ts';
import { LogUnavailable } from '../src/log/event-log.ts';
import { describeFault, exitCodes, exitMeanings, exitOfRefusal } from '../src/outcome.ts';

describe('the exit codes', () => {
  test('stand in the README with the same meanings, all of them and no others', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, section = ''] = readme.split(/^## Exit codes$/m);
    const [table = ''] = section.split(/^## /m);
    const rows = [...table.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);

    const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
    expect(rows).toEqual(names.map((name) => [exitCodes[name], exitMeanings[name]]));
  });

  test('differ from each other', () => {
    const codes = Object.values(exitCodes);

    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('a refusal', () => {
  test.each(refusalCodes)('%s is neither a success nor a fault', (code) => {
    expect(Object.values(exitCodes)).toContain(exitOfRefusal(code));
    expect([exitCodes.done, exitCodes.unexpected, exitCodes.interrupted]).not.toContain(
      exitOfRefusal(code),
    );
  });
});

describe('a fault', () => {
  test('keeps its code, its sentence and its hint', () => {
    const fault = new LogUnavailable('The disk is full', {
      code: 'disk_full',
      hint: 'Free some space.',
      retryable: true,
    });

    expect(describeFault(fault)).toEqual({
      code: 'disk_full',
      message: 'The disk is full',
      hint: 'Free some space.',
      exit: exitCodes.unavailable,
      status: 503,
    });
  });

  test.each([
    ['log_damaged', exitCodes.difference],
    ['log_too_new', exitCodes.not_allowed],
    ['no_log', exitCodes.not_found],
    ['bad_config', exitCodes.usage],
    ['ENOTDIR', exitCodes.usage],
    ['EACCES', exitCodes.not_allowed],
    ['ENOSPC', exitCodes.unavailable],
    ['E_NEVER_SEEN', exitCodes.unexpected],
  ])('with the code %s has an exit code of its own and says what to do', (code, exit) => {
    const described = describeFault(Object.assign(new Error('it failed'), { code }));

    expect(described).toMatchObject({ code, exit });
    expect(described.hint).not.toBe('');
  });

  test('of no kind we know is ours', () => {
    expect(describeFault('what?')).toMatchObject({ code: 'unexpected', exit: 1, message: 'what?' });
    expect(describeFault(undefined)).toMatchObject({ code: 'unexpected', exit: 1 });
  });
});
