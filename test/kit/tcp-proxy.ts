/** A network between a client and a server on this machine, which can be made to misbehave. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Which way bytes go. */
export type Direction = 'to_server' | 'to_client';

/** The network. Closed with the test. */
export interface TcpProxy {
  readonly port: number;
  /** How long every byte takes in each direction, ms. */
  delayMs: number;
  /** Breaks every connection there is. */
  cut(): void;
  /** Swallows what goes these ways, on connections there are and new ones, without ending any. */
  swallow(...directions: readonly Direction[]): void;
  /** Swallows nothing any more; what was swallowed is gone, so those connections are broken. */
  heal(): void;
  /** Connections there are. */
  connections(): number;
}

const host = '127.0.0.1';

/** Starts a network in front of a port. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  let swallowed: readonly Direction[] = [];

  function join(client: Socket): void {
    const server = connect(targetPort, host);
    const pair = [client, server] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    pass(client, server, 'to_server');
    pass(server, client, 'to_client');
  }

  function pass(from: Socket, to: Socket, direction: Direction): void {
    from.on('data', (bytes) => {
      if (swallowed.includes(direction)) return;
      if (proxy.delayMs === 0) to.write(bytes);
      else setTimeout(() => to.writable && to.write(bytes), proxy.delayMs);
    });
  }

  function cut(): void {
    for (const [client, server] of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  const listener: Server = createServer(join);
  await new Promise<void>((resolve) => listener.listen(0, host, resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => listener.close(resolve));
    cut();
    await closed;
  });
  const proxy: TcpProxy = {
    port: (listener.address() as { port: number }).port,
    delayMs: 0,
    cut,
    swallow: (...directions) => {
      swallowed = directions;
    },
    heal() {
      if (swallowed.length > 0) cut();
      swallowed = [];
    },
    connections: () => pairs.size,
  };
  return proxy;
}
