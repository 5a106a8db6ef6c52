/** The remote worker, of the real parts. */
import { readFileSync, statSync } from 'node:fs';
import type { RemoteWork } from '../cli/root.ts';
import { ensureHome } from '../host/home.ts';
import { HostError } from '../host/host-error.ts';
import { work } from '../remote/work.ts';
import { openRemoteHost, type RemoteHostParts } from './remote-host.ts';

/** Works until it is told to stop, or one task was taken; answers how many were. */
export function createRemoteWork(parts: Omit<RemoteHostParts, 'orphanGraceMs'>): RemoteWork {
  return async ({ tokenFile, ...order }, { tell, stopped }) => {
    const token = readToken(tokenFile);
    ensureHome(parts.home);
    const machine = { ...parts, orphanGraceMs: order.killGraceMs };
    const { host, close } = await openRemoteHost(machine, order.url, (problem) =>
      tell('fault', { subject: 'host', problem: String(problem) }),
    );
    try {
      return await work({ ...order, token }, host, { tell, stopped });
    } finally {
      close();
    }
  };
}

/** A token that others can read is nobody's any more. */
function readToken(file: string): string {
  const readableByOthers = 0o077;
  if (statSync(file).mode & readableByOthers) {
    throw new HostError('key_not_private', `${file} can be read or changed by others.`, {
      hint: `run: chmod 600 ${file}`,
    });
  }
  return readFileSync(file, 'utf8').trim();
}
