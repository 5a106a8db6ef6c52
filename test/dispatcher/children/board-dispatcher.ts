/**
 * A dispatcher in a process of its own. Its one argument is an order as JSON; what it reports is
 * printed, a line of JSON each. It stops in peace when it is asked to with TERM.
 */
import { createDispatcher } from '../../../src/dispatcher/dispatcher.ts';
import type { Host } from '../../../src/dispatcher/ports.ts';
import {
  type WorkerDefinitionInput,
  workerDefinitionSchema,
} from '../../../src/dispatcher/worker-definition.ts';
import { defaultPolicy, type Policy } from '../../../src/domain/policy.ts';
import { systemClock, systemTimers } from '../../../src/host/clock.ts';
import { openDispatcherHost } from '../../../src/host/dispatcher-host.ts';
import { follow$ } from '../../../src/log/follow.ts';
import { openBoardAt } from '../../../src/main.ts';
import { createCloudedProbe, type Eyes } from '../clouded-eyes.ts';

/** What to dispatch, and how. */
export interface Order {
  readonly dispatcherId: string;
  readonly directory: string;
  readonly home: string;
  readonly rules: Partial<Policy>;
  readonly workers: Readonly<Record<string, WorkerDefinitionInput>>;
  readonly capabilities: readonly string[];
  readonly eyes: Eyes;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const { directory, home, rules, dispatcherId, eyes } = order;
const board = await openBoardAt(directory, {
  access: 'create',
  policy: { ...defaultPolicy, ...rules },
});
const real = await openDispatcherHost({
  home,
  boardDirectory: directory,
  environment: process.env,
  capabilities: order.capabilities,
  projectDirectory: home,
  onError: (error) => tell('fault', { problem: String(error) }),
});
const host: Host = {
  ...real,
  processes: { ...real.processes, probe: createCloudedProbe(eyes, real) },
};
const { position: after } = await board.log.head();
const definitions = Object.fromEntries(
  Object.entries(order.workers).map(([name, it]) => [name, workerDefinitionSchema.parse(it)]),
);
const dispatcher = createDispatcher({
  dispatcherId,
  board,
  boardDirectory: directory,
  host,
  definitions: () => definitions,
  news$: follow$(board.log, {
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    after,
  }),
  programVersion: '0.0.0',
  report: tell,
});
await dispatcher.start();
const holding = setInterval(() => {}, 60_000);
process.once('SIGTERM', async () => {
  clearInterval(holding);
  await dispatcher.stop();
  real.close();
  await board.close();
});

function tell(kind: string, facts: object): void {
  process.stdout.write(`${JSON.stringify({ kind, facts })}\n`);
}
