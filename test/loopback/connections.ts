/** The connections of a node: a socket of our own, so that exactly one of them can be broken. */
import { createServer, type Server, type Socket } from 'node:net';

/** Where nodes listen. */
export const host = '127.0.0.1';

/** The connections there are, and the port where they come in. */
export interface Connections {
  port(): number;
  /** Takes connections, and hands each one on. */
  start(onConnection: (socket: Socket) => void): Promise<void>;
  /** Takes no more, and breaks those there are. */
  stop(): Promise<void>;
  /** Breaks those there are. */
  cut(): void;
  /** Breaks the one over which a call came. */
  drop(call: { getPeer(): string }): void;
}

/** Prepares to listen; 0 is any port that is free, and the same one from then on. */
export function createConnections(wantedPort: number): Connections {
  const sockets = new Map<number, Socket>();
  let port = wantedPort;
  let listener: Server | undefined;

  function cut(): void {
    for (const socket of sockets.values()) socket.resetAndDestroy();
  }

  return {
    port: () => port,
    cut,
    async start(onConnection) {
      const server = createServer((socket) => {
        const key = socket.remotePort!;
        sockets.set(key, socket);
        socket.on('close', () => sockets.delete(key));
        socket.on('error', () => {});
        onConnection(socket);
      });
      await new Promise<void>((resolve, reject) => {
        server.on('error', reject).listen(port, host, resolve);
      });
      listener = server;
      port = (server.address() as { port: number }).port;
    },
    async stop() {
      const closed = new Promise((resolve) => listener?.close(resolve) ?? resolve(undefined));
      cut();
      await closed;
    },
    drop: (call) => sockets.get(Number(call.getPeer().split(':').at(-1)))?.resetAndDestroy(),
  };
}
