/** The remote worker, of the real parts. */
import type { RemoteWork } from '../cli/root.ts';
import { ensureHome } from '../host/home.ts';
import { work } from '../remote/work.ts';
import { readToken } from './read-token.ts';
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
