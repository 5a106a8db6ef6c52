/**
 * Who this machine is, and which of its lives this is.
 *
 * A host name may change and two machines may share one, so a host is a random id in a file. A pid
 * means nothing after a reboot, so every process identity carries the boot it belongs to.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errnoOf, HostError } from './host-error.ts';
import type { RandomBytes } from './ids.ts';

/** What is recorded about the host of a dispatcher, and so of its runs. */
export interface HostIdentity {
  /** 128 random bits, hex; the same for as long as the home directory lives. */
  readonly hostId: string;
  /** For people only. */
  readonly hostname: string;
  /** Changes with every boot of the machine; `unknownBoot` where the kernel does not tell. */
  readonly bootId: string;
}

/**
 * Stands in where the kernel offers no boot id. It never differs from itself, so that nobody is
 * judged dead by it: start time and nonce decide instead. (The time of the boot would do worse: it
 * moves when the wall clock is set.)
 */
export const unknownBoot = 'unknown-boot';

/** Reads this host's identity; the first call in a home directory draws the host id. */
export function readHostIdentity(home: string, randomBytes: RandomBytes): HostIdentity {
  return {
    hostId: readHostId(home, randomBytes),
    hostname: hostname(),
    bootId: readBootId(),
  };
}

/** The kernel's boot id. Throws when it exists but cannot be read: guessing would end live runs. */
export function readBootId(path = '/proc/sys/kernel/random/boot_id'): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return unknownBoot;
    }
    throw error;
  }
}

/** True only when both boots are known and differ: then nothing of the first can be alive. */
export function isOtherBoot(recorded: string, current: string): boolean {
  return recorded !== current && recorded !== unknownBoot && current !== unknownBoot;
}

/** This host's id; undefined where no dispatcher has drawn one yet. Throws what reading throws. */
export function knownHostId(home: string): string | undefined {
  const path = hostIdPath(home);
  try {
    return parseHostId(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function readHostId(home: string, randomBytes: RandomBytes): string {
  const known = knownHostId(home);
  if (known !== undefined) {
    return known;
  }
  const path = hostIdPath(home);
  claimHostId(path, Buffer.from(randomBytes(16)).toString('hex'));
  return parseHostId(readFileSync(path, 'utf8'), path);
}

function hostIdPath(home: string): string {
  return join(home, 'host-id');
}

/** Several processes may start together: `link` lets exactly one file win, and only a whole one. */
function claimHostId(path: string, hostId: string): void {
  const draft = `${path}.${hostId}`;
  writeFileSync(draft, `${hostId}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') {
      throw error;
    }
  } finally {
    rmSync(draft);
  }
}

function parseHostId(text: string, path: string): string {
  const hostId = text.trim();
  if (!/^[0-9a-f]{32}$/.test(hostId)) {
    throw new HostError('host_id_malformed', `${path} does not hold a host id`, {
      hint: `restore it, or delete it when no run of this host is open; a new one is then drawn`,
    });
  }
  return hostId;
}
