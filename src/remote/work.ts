/** The remote worker: takes tasks through the door of a board, and runs a program for each. */
import { rest, retryDelayMs } from './beats.ts';
import { claimSchema, createDoorClient, type RemoteClaim, type Say } from './door-client.ts';
import { refusedBy, unreachable } from './door-trouble.ts';
import type { RemoteHost, Tell, WorkOrder } from './ports.ts';
import { workOn } from './remote-run.ts';

/** How long the door is asked to wait for a task, in ms. */
const waitMs = 25_000;

const showToken =
  'Show the token of a worker with --token-file; see http/worker.token of the board.';

/** Works until the signal, or until one task was taken. Answers how many were. */
export async function work(
  order: WorkOrder,
  host: RemoteHost,
  { tell, stopped }: { tell: Tell; stopped: AbortSignal },
): Promise<number> {
  const say = createDoorClient(order.url);
  const trouble = new AbortController();
  const over = AbortSignal.any([stopped, trouble.signal]);
  const parts = { order, host, say, tell, stopped };
  const hearPaused = pauseTeller(order, tell);
  let taken = 0;

  async function lane(): Promise<void> {
    while (!over.aborted) {
      const claim = await nextClaim({ order, host, say, tell, over, hearPaused });
      if (claim !== undefined) {
        taken += 1;
        await workOn(claim, parts);
      }
      if (order.once) return;
    }
  }

  const lanes = Array.from({ length: order.once ? 1 : order.max }, async () => {
    try {
      await lane();
    } catch (fault) {
      trouble.abort();
      throw fault;
    }
  });
  const ends = await Promise.allSettled(lanes);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return taken;
}

interface Claiming {
  readonly order: WorkOrder;
  readonly host: RemoteHost;
  readonly say: Say;
  readonly tell: Tell;
  readonly over: AbortSignal;
  /** Hears with every answer whether the board is paused. */
  readonly hearPaused: (isPaused: boolean) => void;
}

/** Tells that the board is paused, once until it goes on. */
function pauseTeller({ url }: WorkOrder, tell: Tell): Claiming['hearPaused'] {
  let wasPaused = false;
  return (isPaused) => {
    if (isPaused && !wasPaused) tell('paused', { subject: url });
    wasPaused = isPaused;
  };
}

/** The next task; undefined when there is none to be had before the worker stops. */
async function nextClaim(claiming: Claiming): Promise<RemoteClaim | undefined> {
  const { order, host, hearPaused, over, say, tell } = claiming;
  let key = host.newKey();
  for (let failures = 0; !over.aborted; ) {
    const reply = await say({
      path: 'claims',
      bearer: order.token,
      body: claimBody(order, host),
      answer: claimSchema,
      key,
      waitMs: order.once ? 0 : waitMs,
      signal: over,
    });
    if (reply.is === 'said' || reply.is === 'nothing') {
      hearPaused(reply.is === 'nothing' && reply.isPaused);
    }
    if (reply.is === 'said') return reply.body;
    if (reply.is === 'nothing' && order.once) return undefined;
    if (reply.is === 'refused' && reply.code !== 'stale_run')
      throw refusedBy(order.url, reply.message, showToken);
    // A claim that was not heard keeps its key: perhaps it was carried out.
    if (reply.is !== 'unheard') {
      key = host.newKey();
      failures = 0;
      continue;
    }
    if (over.aborted) return undefined;
    if (order.once) throw unreachable(order.url, reply.why);
    failures += 1;
    if (failures === 1) tell('fault', { subject: order.url, problem: reply.why });
    await rest(host.timers, retryDelayMs(failures, host.random), over);
  }
  return undefined;
}

function claimBody({ assignee, capabilities, once, ttlMs, worker }: WorkOrder, host: RemoteHost) {
  const { hostname } = host;
  return {
    assignee,
    capabilities,
    waitMs: once ? 0 : waitMs,
    host: hostname,
    worker: worker ?? hostname,
    ...(ttlMs === undefined ? {} : { ttlMs }),
  };
}
