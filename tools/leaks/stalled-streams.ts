/** A server whose streams nobody reads, looked at from outside until it has cut them all off. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { writeTasks } from '../bench/history.ts';
import { monotonicMs } from '../bench/measure.ts';
import { type PageServer, withPageServer } from '../bench/page-server.ts';
import { openBenchBoard } from '../bench/parts.ts';
import { cameTrue } from '../trial/waiting.ts';
import { type Vitals, vitalsOf } from './vitals.ts';

/** What to look at. */
export interface StalledStreams {
  /** An empty directory. */
  readonly directory: string;
  readonly streams: number;
  /** How often events are written, and looked. */
  readonly looks: number;
  readonly onLook?: () => void;
}

/** What was seen, and how far things were. */
export interface StalledLook extends Vitals {
  readonly when: string;
  /** Streams that the server still has. */
  readonly streams: number;
  /** Monotonic, ms since the streams were opened. */
  readonly atMs: number;
}

/** Events between two looks, each with a text of so many characters. */
const eventsPerLook = 1_000;
const textChars = 4_000;

/** Whoever takes nothing is cut off by then, in ms; a client has 30 s to take a frame. */
const patienceMs = 60_000;

/** Opens the streams, fills the log, and waits until the last of them is gone, or too long. */
export async function stall(wanted: StalledStreams): Promise<readonly StalledLook[]> {
  const { directory, streams, looks, onLook = () => {} } = wanted;
  const board = await openBenchBoard(directory);
  const write = () => writeTasks(board.log, eventsPerLook, () => ({ body: 'y'.repeat(textChars) }));
  await write();
  try {
    return await withPageServer(directory, async (server) => {
      const seen: StalledLook[] = [];
      const beganMs = monotonicMs();
      const look = async (when: string) => {
        const atMs = monotonicMs() - beganMs;
        seen.push({ when, atMs, streams: await streamsOf(server), ...vitalsOf(server.pid) });
        onLook();
      };
      await look('before');
      const sockets = await Promise.all(Array.from({ length: streams }, () => askAndStall(server)));
      for (let n = 1; n <= looks; n += 1) {
        await write();
        await look(`${n * eventsPerLook} events later`);
      }
      await cameTrue(async () => (await streamsOf(server)) === 0, patienceMs);
      await look('in the end');
      for (const socket of sockets) socket.destroy();
      return seen;
    });
  } finally {
    await board.close();
  }
}

/** As the server counts them for monitoring. */
async function streamsOf({ address, token }: PageServer): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const figures = await (await fetch(`${address}/metrics`, { headers })).text();
  return Number(/^logboard_http_streams (\d+)$/m.exec(figures)?.[1]);
}

/** Asks for the events as they happen, and takes nothing of the answer. */
async function askAndStall({ address, token }: PageServer): Promise<Socket> {
  const { hostname, port, host } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  const headers = `Host: ${host}\r\nAuthorization: Bearer ${token}`;
  socket.write(`GET /api/v1/events/stream HTTP/1.1\r\n${headers}\r\n\r\n`);
  return socket;
}
