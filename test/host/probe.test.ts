/** Alive, dead or unknown: every way a process can look, on a process table of our own. */
import { describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../src/dispatcher/ports.ts';
import { unknownBoot } from '../../src/host/host-identity.ts';
import { createProbe } from '../../src/host/probe.ts';
import { createProcessTable } from '../../src/host/process-table.ts';
import { eventually } from '../kit/eventually.ts';
import { child, spawned } from './a-worker.ts';
import { bootId, probe, table } from './processes.ts';

const identity: ProcessIdentity = { pid: 42, startTime: 700, bootId: 'this boot', nonce: 'ours' };

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

function statLine(state: string, startTime: number, command = 'sh'): string {
  const between = '1 42 42 0 -1 4194304 90 0 0 0 0 0 0 0 20 0 1 0';
  return `42 (${command}) ${state} ${between} ${startTime} 2 3\n`;
}

interface World {
  stat?: string | (() => never);
  environ?: string | (() => never);
  /** What the kernel answers to signal 0. */
  kill?: () => void;
}

/** The verdict on `identity` in a world with one process. */
function judge(world: World, asked: ProcessIdentity = identity) {
  const { stat = statLine('S', 700), environ = 'A=1\0LOGBOARD_NONCE=ours\0' } = world;
  const files: Record<string, string | (() => never)> = {
    '/proc/42/stat': stat,
    '/proc/42/environ': environ,
  };
  const readFile = (path: string) => {
    const content = files[path] ?? failing('ENOENT');
    return typeof content === 'string' ? content : content();
  };
  const table = createProcessTable({ readFile, readDirectory: () => ['42'] });
  return createProbe({ table, bootId: 'this boot', kill: world.kill ?? failing('ESRCH') })(asked);
}

describe('a process', () => {
  it('is alive when everything about it matches', () => {
    expect(judge({})).toEqual({
      verdict: 'alive',
      because: 'running',
      state: 'S',
      startTimeSeen: 700,
      nonceSeen: true,
    });
  });

  it.each(['R', 'S', 'D', 'T', 't', 'I'])('in state %s is alive', (state) => {
    expect(judge({ stat: statLine(state, 700) }).verdict).toBe('alive');
  });

  it.each(['Z', 'X'])('in state %s is dead', (state) => {
    expect(judge({ stat: statLine(state, 700) })).toMatchObject({
      verdict: 'dead',
      because: 'ended',
      state,
    });
  });

  it('with another start time is a stranger, whose pid it is now', () => {
    expect(judge({ stat: statLine('S', 701) })).toMatchObject({
      verdict: 'dead',
      because: 'other_start_time',
      startTimeSeen: 701,
    });
  });

  it.each(['LOGBOARD_NONCE=theirs\0', 'A=1\0', 'XLOGBOARD_NONCE=ours\0'])(
    'with the environment %o is a stranger, even if it started in the same instant',
    (environ) => {
      expect(judge({ environ })).toMatchObject({
        verdict: 'dead',
        because: 'other_nonce',
        nonceSeen: false,
      });
    },
  );

  it('of another boot is dead, whatever has its pid', () => {
    expect(judge({}, { ...identity, bootId: 'an earlier boot' })).toEqual({
      verdict: 'dead',
      because: 'other_boot',
    });
  });

  it('is not judged by a boot that is not known', () => {
    expect(judge({}, { ...identity, bootId: unknownBoot }).verdict).toBe('alive');
  });

  it.each(['plain', 'a b', ') R 1 2', '((', 'x) Z 1 (y', 'line\nbreak'])(
    'may be called %o',
    (command) => {
      expect(judge({ stat: statLine('S', 700, command) }).verdict).toBe('alive');
    },
  );

  it('without a nonce is known by its start time', () => {
    const { nonce: _, ...withoutNonce } = identity;
    expect(judge({ environ: failing('EACCES') }, withoutNonce).verdict).toBe('alive');
  });
});

describe('a process that is not there', () => {
  it('is dead when the kernel says so too', () => {
    expect(judge({ stat: failing('ENOENT') })).toMatchObject({
      verdict: 'dead',
      because: 'no_such_process',
    });
  });

  it('is dead when it went between two looks', () => {
    expect(judge({ environ: failing('ESRCH') }).verdict).toBe('dead');
  });

  it.each([
    ['answers', () => {}],
    ['is another user’s', failing('EPERM')],
  ])('is unknown where /proc hides what the kernel knows: it %s', (_, kill) => {
    expect(judge({ stat: failing('ENOENT'), kill })).toEqual({
      verdict: 'unknown',
      because: 'hidden',
    });
  });
});

describe('trouble with looking', () => {
  it.each(['EACCES', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO'])('by %s proves nothing', (errno) => {
    const unknown = { verdict: 'unknown', because: 'unreadable', errno };
    expect(judge({ stat: failing(errno) })).toMatchObject(unknown);
    expect(judge({ environ: failing(errno) })).toMatchObject(unknown);
  });

  it.each(['', 'nonsense', '42 (sh) S', '42 (sh) S 1 42 42 x', '42 (sh) ?? 1 42 42'])(
    'from the stat line %o proves nothing',
    (stat) => {
      expect(judge({ stat })).toMatchObject({ verdict: 'unknown', errno: 'format' });
    },
  );

  it('is an empty environment, which a process shows while it goes away', () => {
    expect(judge({ environ: '' })).toMatchObject({ verdict: 'unknown', errno: 'empty' });
  });
});

describe('on this machine', () => {
  it('a process nobody has waited for is dead, although the kernel would signal it', async () => {
    const { worker } = await spawned([child('leaves-zombie.sh')]);
    worker.go();
    const zombie = await eventually('the worker is a zombie', () => zombieOf(worker.identity.pid));
    expect(() => process.kill(zombie.pid, 0)).not.toThrow();
    expect(probe({ ...zombie, bootId })).toMatchObject({ verdict: 'dead', state: 'Z' });
  });

  it('this very process is alive', () => {
    const sight = table.stat(process.pid);
    expect(sight.seen && probe({ ...sight.value, bootId }).verdict).toBe('alive');
  });
});

/** The zombie child of a process, when there is one. */
function zombieOf(parent: number) {
  const pids = table.pids();
  const stats = pids.seen ? pids.value.map((pid) => table.stat(pid)) : [];
  return stats
    .flatMap((sight) => (sight.seen ? [sight.value] : []))
    .find((stat) => stat.parent === parent && stat.state === 'Z');
}
