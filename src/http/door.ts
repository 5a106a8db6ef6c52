/** The HTTP door: listens, lets in what passes the gate, and closes in peace. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { said } from '../domain/said.ts';
import { createApp } from './app.ts';
import type { DoorParts } from './door-parts.ts';
import { gateProblem } from './gate.ts';
import { type Listening, listen } from './listen.ts';
import { openState } from './open-state.ts';
import { problemJson, problemType } from './problem.ts';
import { routes } from './routes.ts';
import { secureHeaders } from './secure-headers.ts';

/** What a client may take up, in ms, connections and bytes. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
};
/**
 * Connections at once; whoever is one too many is hung up on. Far more than anybody needs: slow
 * ones, which are cut off after 10 s, must not fill it.
 */
export const connectionsMax = 1_024;
/** How long requests on their way may go on when the door closes, in ms. */
const graceMs = 2_000;

/** An open door. */
export interface Door {
  /** Where this machine finds it; of a socket file, its path. */
  readonly address: string;
  /** What to open in a browser. */
  readonly page: string;
  /** Undefined of a socket file. */
  readonly port: number | undefined;
  /** The port that was asked for, where another one had to do. */
  readonly portTaken?: number;
  /** A new one-time code for a browser; see `POST /api/v1/session`. */
  newCode(): string;
  close(): Promise<void>;
}

/** Opens the door. Throws `DoorRefused`, or what the system says no with. */
export async function openDoor(parts: DoorParts, where: Listening): Promise<Door> {
  const closing = new AbortController();
  let answer: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown = () => undefined;
  const server = createServer(limits, (incoming, outgoing) => void answer(incoming, outgoing));
  server.maxConnections = connectionsMax;
  const listened = await listen(server, where);
  const state = openState(parts, listened, closing.signal);
  const app = getRequestListener(createApp(routes, parts, state), { overrideGlobalObjects: false });
  const refusedOn = new WeakSet<Socket>();
  answer = (incoming, outgoing) => {
    for (const [name, value] of Object.entries(secureHeaders)) outgoing.setHeader(name, value);
    // What stands behind a request that was refused may be a part of it, and is not listened to.
    if (refusedOn.has(incoming.socket)) return incoming.resume();
    const problem = gateProblem(rawOf(incoming), listened);
    if (problem === undefined) return app(incoming, outgoing);
    refusedOn.add(incoming.socket);
    state.answered.tell({ method: 'any', route: 'none', status: problem.status, ms: 0 });
    const headers = { 'Content-Type': problemType, Connection: 'close', ...problem.headers };
    outgoing.writeHead(problem.status, headers).end(JSON.stringify(problemJson(problem)));
    return incoming.resume();
  };
  const { address, page, port, portTaken } = listened;
  return {
    address,
    page,
    port,
    ...said({ portTaken }),
    newCode: () => state.codes.issue('operator'),
    close: () => {
      closing.abort();
      return closed(server, parts);
    },
  };
}

function rawOf({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage) {
  return { method, httpVersion, target: url, rawHeaders };
}

async function closed(server: Server, { timers }: DoorParts): Promise<void> {
  const cancel = timers.after(graceMs, () => server.closeAllConnections());
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  cancel();
}
