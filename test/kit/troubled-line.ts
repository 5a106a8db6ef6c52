/**
 * A line between two programs that can be troubled: a small TCP proxy on loopback. It delays bytes,
 * holds them in one direction or both, cuts connections, or lets one end die without a word.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Which way bytes go: from the one who called, or back to them. */
export type Way = 'there' | 'back';

/** A line to a port, and what can befall it. */
export interface TroubledLine {
  /** Where callers find it, on 127.0.0.1. */
  readonly port: number;
  /** Connections through it right now. */
  open(): number;
  /** Every piece of bytes takes so long from now on, ms. */
  slow(ms: number): void;
  /** Bytes stay on the line, as with a lost route: none is lost, and nobody is told. */
  hold(...ways: readonly Way[]): void;
  /** Connections break for both ends, and new ones break at once. */
  cut(): void;
  /** The far ends of all connections are gone, and the callers hear nothing of it. */
  vanish(): void;
  /** As good as new; what was held goes on, what vanished breaks. */
  heal(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly caller: Socket;
  readonly callee: Socket;
  isHalf: boolean;
}

/** Opens a line to a port of this machine. */
export async function troubledLine(targetPort: number): Promise<TroubledLine> {
  const connections = new Set<Connection>();
  const gates = { there: createGate(), back: createGate() };
  let delayMs = 0;
  let isCut = false;

  function pump(from: Socket, to: Socket, way: Way): void {
    let queue = Promise.resolve();
    const later = (act: () => void) => {
      const dueMs = performance.now() + delayMs;
      queue = queue
        .then(() => wait(Math.max(0, dueMs - performance.now())))
        .then(() => gates[way].passed())
        .then(act);
    };
    from.on('data', (bytes: Buffer) => later(() => to.destroyed || to.write(bytes)));
    from.on('end', () => later(() => to.end()));
  }

  function accept(caller: Socket): void {
    if (isCut) return void caller.resetAndDestroy();
    const callee = dial({ port: targetPort, host: '127.0.0.1' });
    const connection: Connection = { caller, callee, isHalf: false };
    connections.add(connection);
    for (const socket of [caller, callee]) socket.setNoDelay(true);
    pump(caller, callee, 'there');
    pump(callee, caller, 'back');
    const breakOff = () => {
      if (connection.isHalf) return;
      connections.delete(connection);
      caller.destroy();
      callee.destroy();
    };
    for (const socket of [caller, callee]) socket.on('error', breakOff).on('close', breakOff);
  }

  function breakAll(which: (connection: Connection) => boolean): void {
    for (const connection of [...connections].filter(which)) {
      connections.delete(connection);
      connection.isHalf = false;
      connection.caller.resetAndDestroy();
      connection.callee.resetAndDestroy();
    }
  }

  const server = createServer({ allowHalfOpen: true }, accept).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    open: () => connections.size,
    slow(ms) {
      delayMs = ms;
    },
    hold(...ways) {
      for (const way of ways) gates[way].shut();
    },
    cut() {
      isCut = true;
      breakAll(() => true);
    },
    vanish() {
      for (const connection of connections) {
        connection.isHalf = true;
        connection.callee.destroy();
      }
    },
    heal() {
      isCut = false;
      delayMs = 0;
      breakAll(({ isHalf }) => isHalf);
      gates.there.open();
      gates.back.open();
    },
    async close() {
      breakAll(() => true);
      gates.there.open();
      gates.back.open();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What passes while it is open, and waits while it is shut. */
function createGate() {
  let shut: { readonly opened: Promise<void>; open(): void } | undefined;
  return {
    passed: () => shut?.opened ?? Promise.resolve(),
    shut() {
      if (shut !== undefined) return;
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      shut = { opened, open };
    },
    open() {
      shut?.open();
      shut = undefined;
    },
  };
}
