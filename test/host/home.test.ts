/** The home directory and the identity that lives in it. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureHome, logboardHome } from '../../src/host/home.ts';
import {
  isOtherBoot,
  readBootId,
  readHostIdentity,
  unknownBoot,
} from '../../src/host/host-identity.ts';
import { randomBytes } from '../../src/host/ids.ts';
import { tempDir } from '../kit/temp-dir.ts';

describe('the home directory', () => {
  it.each([
    [{ LOGBOARD_HOME: '/chosen', XDG_DATA_HOME: '/data' }, '/chosen'],
    [{ XDG_DATA_HOME: '/data' }, '/data/logboard'],
    [{ XDG_DATA_HOME: 'relative' }, '/home/me/.local/share/logboard'],
    [{ LOGBOARD_HOME: '' }, '/home/me/.local/share/logboard'],
    [{}, '/home/me/.local/share/logboard'],
  ])('with %o is %s', (environment, expected) => {
    expect(logboardHome(environment, '/home/me')).toBe(expected);
  });

  it('belongs to its owner alone', () => {
    const home = join(tempDir(), 'deep', 'home');
    ensureHome(home);
    ensureHome(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  it('is refused when others can write to it', () => {
    const home = tempDir();
    chmodSync(home, 0o770);
    expect(() => ensureHome(home)).toThrow(
      expect.objectContaining({ code: 'home_not_private', hint: `run: chmod 700 ${home}` }),
    );
  });
});

describe('the host', () => {
  it('is the same for as long as its home lives', () => {
    const home = tempDir();
    const first = readHostIdentity(home, randomBytes);
    expect(first.hostId).toMatch(/^[0-9a-f]{32}$/);
    expect(readHostIdentity(home, randomBytes)).toEqual(first);
    expect(readHostIdentity(tempDir(), randomBytes).hostId).not.toBe(first.hostId);
  });

  it('is the one whose id was there first, when two start together', () => {
    const home = tempDir();
    const winner = 'a'.repeat(32);
    const outrun = (size: number) => {
      writeFileSync(join(home, 'host-id'), `${winner}\n`);
      return randomBytes(size);
    };
    expect(readHostIdentity(home, outrun).hostId).toBe(winner);
    expect(readdirSync(home)).toEqual(['host-id']);
  });

  it('has an id only its owner can read', () => {
    const home = tempDir();
    readHostIdentity(home, randomBytes);
    expect(statSync(join(home, 'host-id')).mode & 0o777).toBe(0o600);
  });

  it('is not guessed from a damaged file', () => {
    const home = tempDir();
    writeFileSync(join(home, 'host-id'), 'half a li');
    expect(() => readHostIdentity(home, randomBytes)).toThrow(
      expect.objectContaining({ code: 'host_id_malformed' }),
    );
  });
});

describe('the boot', () => {
  it('is what the kernel says', () => {
    expect(readBootId()).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  });

  it('is not known where the kernel does not tell', () => {
    expect(readBootId('/no/such/file')).toBe(unknownBoot);
  });

  it('is another one only if both are known', () => {
    expect(isOtherBoot('one', 'other')).toBe(true);
    expect(isOtherBoot('one', 'one')).toBe(false);
    expect(isOtherBoot(unknownBoot, 'one')).toBe(false);
    expect(isOtherBoot('one', unknownBoot)).toBe(false);
  });
});
