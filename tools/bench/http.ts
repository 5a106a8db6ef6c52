/** The HTTP door: claims and completions from 16 connections; readers beside 50 listeners. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tokenFile } from '../../src/host/door-secrets.ts';
import {
  type Benchmark,
  inFlight,
  median,
  medianOf,
  monotonicMs,
  ms,
  percentile,
  type Row,
  rate,
  whole,
} from './measure.ts';

const connections = 16;
const warmUpCount = 1_000;
const cycleCount = 4_000;
const listeners = 50;
const eventsPerSecond = 200;
const listenForMs = 8_000;
const mebibyte = 1024 * 1024;

/** Both of them. */
export const httpBenchmark: Benchmark = {
  name: 'http',
  async run({ rounds, directory, say }): Promise<readonly Row[]> {
    const costs: number[] = [];
    const perSecond = await medianOf(rounds, async (round) => {
      const { perSecond: found, processorMs: cost } = await cycles(join(directory, `${round}`));
      say(`${whole(found)} claims + completions a second, ${ms(cost)} of the server each`);
      costs.push(cost);
      return found;
    });
    const found = await besideListeners(join(directory, 'listeners'));
    say(`${listeners} listeners: ${JSON.stringify(found)}`);
    return [
      {
        what: `claims + completions over HTTP, ${connections} connections, FULL`,
        measured: `${whole(perSecond)}/s`,
        target: '≥ 1,000',
        isMet: perSecond >= 1_000,
        figures: { perSecond, serverMs: median(costs) },
      },
      {
        what: `a task read beside ${listeners} listeners at ${eventsPerSecond} events/s, p99`,
        measured: ms(found.p99Ms),
        target: '< 100 ms',
        isMet: found.p99Ms < 100,
        figures: { ...found },
      },
      {
        what: 'memory that the listeners cost, second half against the first',
        measured: `${(found.grownBytes / mebibyte).toFixed(1)} MiB`,
        target: '< 32 MiB',
        isMet: found.grownBytes < 32 * mebibyte,
        figures: { grownBytes: found.grownBytes },
      },
    ];
  },
};

/** A server in a process of its own, with tasks that are ready; it ends with the function. */
async function withServer<T>(
  directory: string,
  tasks: number,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const path = fileURLToPath(new URL('./http-process.js', import.meta.url));
  const child = fork(path, [directory, String(tasks)], { stdio: ['ignore', 2, 2, 'ipc'] });
  try {
    const [{ address }] = (await once(child, 'message')) as [{ address: string }];
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    return await work({ address, agent, child, directory });
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}

interface Server {
  readonly address: string;
  readonly agent: Agent;
  readonly child: ChildProcess;
  readonly directory: string;
}

function cycles(directory: string): Promise<{ perSecond: number; processorMs: number }> {
  return withServer(directory, warmUpCount + cycleCount, async (server) => {
    const token = readToken(server, 'worker');
    const cycle = async () => {
      const claim = await post(server, '/api/v1/claims', token, { assignee: 'bench' });
      const { runId, token: own } = claim;
      await post(server, `/api/v1/runs/${runId}/complete`, `${runId}.${own}`, { summary: 'done' });
    };
    await inFlight(warmUpCount, connections, cycle);
    const beforeMs = processorMs(server.child);
    const perSecond = await rate(cycleCount, () => inFlight(cycleCount, connections, cycle));
    return { perSecond, processorMs: (processorMs(server.child) - beforeMs) / cycleCount };
  });
}

function besideListeners(directory: string) {
  return withServer(directory, 500, async (server) => {
    const token = readToken(server, 'reader');
    const streams = Array.from({ length: listeners }, () => listen(server, token));
    server.child.send({ eventsPerSecond });
    const latencies: number[] = [];
    const memory: number[] = [];
    const untilMs = monotonicMs() + listenForMs;
    while (monotonicMs() < untilMs) {
      const beganMs = monotonicMs();
      await read(server, '/api/v1/tasks?limit=50', token);
      latencies.push(monotonicMs() - beganMs);
      memory.push(residentBytes(server.child));
      await pause(10);
    }
    for (const stream of streams) stream.destroy();
    const half = memory.length / 2;
    const peak = (part: readonly number[]) => percentile(part, 0.9);
    const grownBytes = peak(memory.slice(half)) - peak(memory.slice(half / 2, half));
    const heard = streams.reduce((sum, { bytes }) => sum + bytes(), 0);
    return { p99Ms: percentile(latencies, 0.99), grownBytes, heardBytes: heard };
  });
}

function listen({ address }: Server, token: string) {
  let heard = 0;
  const headers = { Authorization: `Bearer ${token}` };
  const asking = get(`${address}/api/v1/events/stream`, { headers }, (response) => {
    response.on('data', (data: Buffer) => {
      heard += data.length;
    });
    response.on('error', () => {});
  });
  asking.on('error', () => {});
  return { destroy: () => asking.destroy(), bytes: () => heard };
}

interface Told {
  readonly runId: string;
  readonly token: string;
}

function post(server: Server, path: string, token: string, body: object): Promise<Told> {
  return send(server, { method: 'POST', path, token, body: JSON.stringify(body) });
}

function read(server: Server, path: string, token: string): Promise<unknown> {
  return send(server, { method: 'GET', path, token });
}

function send(
  { address, agent }: Server,
  asked: { method: string; path: string; token: string; body?: string },
): Promise<Told> {
  const { body, method, path, token } = asked;
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const headers = { Authorization: `Bearer ${token}`, ...type };
  return new Promise((resolve, reject) => {
    const asking = request(`${address}${path}`, { method, agent, headers }, async (response) => {
      let text = '';
      for await (const piece of response) text += piece;
      const isGood = response.statusCode === 200 || response.statusCode === 201;
      if (isGood) resolve(JSON.parse(text));
      else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

function readToken({ directory }: Server, role: 'reader' | 'worker'): string {
  return readFileSync(tokenFile(directory, role), 'utf8').trim();
}

/** Processor time that a process has taken so far, with all its threads, in ms. */
function processorMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentBytes({ pid }: ChildProcess): number {
  const [, kibibytes = '0'] =
    /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
