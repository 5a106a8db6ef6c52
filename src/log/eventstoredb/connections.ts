/**
 * The connections of this process, one for each cluster.
 *
 * Everybody who opens a log on the same cluster shares one. The client keeps what waits for an
 * answer in one place for the whole process, and what befalls one client's batch stream befalls the
 * appends of every other: so only the first cluster is written to over a batch stream.
 */

import { LogUnavailable } from '../event-log.ts';
import type { Timers } from '../ports.ts';
import { type Connection, createConnection } from './connection.ts';
import type { ClusterPlace } from './place.ts';

const open = new Map<string, ReturnType<typeof createConnection>>();

/** The connection to a cluster, which its user has to release. Loads the client when asked. */
export async function connect(place: ClusterPlace, timers: Timers): Promise<Connection> {
  const { url } = place;
  // Loaded here and nowhere else: who has no cluster does not pay for one.
  const { default: library } = await import('@eventstore/db-client');
  const others = [...open.keys()].filter((other) => other !== url);
  const connection =
    open.get(url) ??
    createConnection(library, place, {
      timers,
      ...(others.length > 0 ? { credentials: credentialsIn(place) } : {}),
      onEnd: () => open.delete(url),
    });
  open.set(url, connection);
  connection.use();
  return connection;
}

/** The user of a connection string. Where nothing is encrypted the client sends none anyway. */
function credentialsIn({ url, label }: ClusterPlace) {
  const [, user, password] = /\/\/([^:@/]+):([^@/]*)@/.exec(url) ?? [];
  if (user !== undefined && password !== undefined) {
    return { username: decodeURIComponent(user), password: decodeURIComponent(password) };
  }
  if (/[?&]tls=false\b/i.test(url)) return { username: 'nobody', password: 'nothing' };
  throw new LogUnavailable(`A second cluster in one process needs a user: ${label}`, {
    code: 'log_second_cluster',
    hint: 'Name the user in the connection string: esdb://user:password@host:port.',
    retryable: false,
  });
}
