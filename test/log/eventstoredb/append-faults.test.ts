/** Whatever befalls an append on its way, it is stored once or its outcome is called unknown. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { startCluster } from '../../loopback/cluster.ts';
import type { AppendFault } from '../../loopback/faults.ts';
import { appended, everything, write } from '../an-event.ts';
import { aLogAt, aNode } from './a-cluster-log.ts';

const ways: readonly [way: string, serverFeatures: boolean][] = [
  ['over a batch stream', true],
  ['append by append', false],
];

describe.each(ways)('%s', (_, serverFeatures) => {
  it.each<[fault: AppendFault]>([
    ['commit_then_drop'],
    ['commit_in_silence'],
    ['ignore'],
    ['answer_late'],
    ['commit_late'],
    ['commit_then_end'],
    ['not_leader'],
    ['unavailable'],
    ['too_busy'],
    ['commit_then_timeout'],
  ])('%s: the append is repeated until it is answered, and stored once', async (fault) => {
    const node = await aNode({ serverFeatures, lateMs: 700 });
    const { log } = await aLogAt(node.url);
    await appended(log, write('task-1', 'no_stream'));
    node.faults.appends.push(fault);
    const [one, other] = await Promise.all([
      appended(log, write('task-1', 0, 2)),
      appended(log, write('task-2', 'no_stream')),
    ]);
    expect(one).toMatchObject({ versions: [2], repeated: false });
    expect(other).toMatchObject({ versions: [0], repeated: false });
    // What came late is there by now, if it ever is.
    await new Promise((resolve) => setTimeout(resolve, fault.endsWith('late') ? 800 : 0));
    await appended(log, write('task-1', 2));
    expect(await everything(log)).toHaveLength(5);
    expect(await log.readStream('task-1')).toHaveLength(4);
  });

  it('a burst of failures is waited out', async () => {
    const node = await aNode({ serverFeatures });
    const { log } = await aLogAt(node.url);
    node.faults.appends.push('unavailable', 'commit_then_drop', 'unavailable', 'too_busy');
    const result = await appended(log, write('task-1', 'no_stream'));
    expect(result).toMatchObject({ versions: [0], repeated: false });
    expect(await everything(log)).toHaveLength(1);
  });

  it('what got no answer in time may be stored: the same append says which it was', async () => {
    const node = await aNode({ serverFeatures });
    const { log } = await aLogAt(node.url, { tryMsMax: 60, appendMsMax: 150 });
    const writes = [write('task-1', 'no_stream', 2), write('task-2', 'no_stream')];
    node.faults.appends.push(...Array<AppendFault>(20).fill('commit_in_silence'));
    await expect(log.append(writes)).rejects.toMatchObject({
      code: 'log_unreachable',
      retryable: true,
      outcomeUnknown: true,
    });
    node.faults.appends.length = 0;
    const patient = await aLogAt(node.url);
    const result = await appended(patient.log, ...writes);
    expect(result).toMatchObject({ versions: [1, 0] });
    expect(await everything(patient.log)).toHaveLength(3);
  });

  it('a right that is missing is said at once, and nothing is tried again', async () => {
    const node = await aNode({ serverFeatures });
    const { log } = await aLogAt(node.url);
    node.faults.appends.push('access_denied', 'access_denied');
    await expect(log.append([write('task-1', 'no_stream')])).rejects.toMatchObject({
      code: 'log_access_denied',
      outcomeUnknown: false,
    });
    expect(node.faults.appends).toEqual(['access_denied']);
  });

  it('an append that the server finds too large is said to be so', async () => {
    const node = await aNode({ serverFeatures, appendBytesMax: 2_000 });
    const { log } = await aLogAt(node.url);
    const large = log.append([write('task-1', 'no_stream', 30)]);
    await expect(large).rejects.toMatchObject({ code: 'event_too_large', retryable: false });
  });
});

it('what fails behind a stored write has an unknown outcome, and can be repeated', async () => {
  const node = await aNode();
  const { log } = await aLogAt(node.url);
  const writes = [write('task-1', 'no_stream'), write('run-1', 'no_stream')];
  node.faults.appends.push('unavailable', 'access_denied');
  // The first fault is for the first write; the second, on its repeat, ends the append early.
  await expect(log.append(writes)).rejects.toMatchObject({ code: 'log_access_denied' });
  await appended(log, writes[0]!);
  node.faults.appends.push('access_denied');
  await expect(log.append(writes)).rejects.toMatchObject({
    code: 'log_access_denied',
    outcomeUnknown: true,
  });
  const result = await appended(log, ...writes);
  expect(result).toMatchObject({ versions: [0, 0], repeated: false });
  expect(await everything(log)).toHaveLength(2);
});

it('clocks a minute apart do no harm, and are told of once', async () => {
  const node = await aNode({ clockAheadMs: 60_000 });
  const { log, troubles } = await aLogAt(node.url);
  await appended(log, write('task-1', 'no_stream'));
  await appended(log, write('task-1', 0));
  expect(troubles.map(({ message }) => message)).toEqual([
    'The clock of the cluster is 60 s ahead of that of this host',
  ]);
});

it('many large appends under way survive connections that break', async () => {
  const node = await aNode();
  const { log } = await aLogAt(node.url);
  const large = (lane: number, version: number) => {
    const { stream, expected, events } = write(`lane-${lane}`, version);
    const data = JSON.stringify({ text: 'x'.repeat(60_000) });
    return { stream, expected, events: events.map((event) => ({ ...event, data })) };
  };
  const lanes = Array.from({ length: 64 }, async (_, lane) => {
    for (let round = 0; round < 4; round += 1) await appended(log, large(lane, round - 1));
  });
  let cuts = 0;
  const cutting = setInterval(() => {
    node.cut();
    cuts += 1;
    if (cuts === 8) clearInterval(cutting);
  }, 60);
  onTestFinished(() => clearInterval(cutting));
  await Promise.all(lanes);
  expect(await everything(log)).toHaveLength(256);
});

it('two clusters in one process do not fail each other', async () => {
  const [one, other] = [await aNode(), await aNode({ lateMs: 300 })];
  const first = await aLogAt(one.url);
  const second = await aLogAt(other.url, { tryMsMax: 2_000 });
  other.faults.appends.push('answer_late');
  one.faults.appends.push('commit_then_drop');
  const results = await Promise.all([
    appended(second.log, write('task-1', 'no_stream')),
    appended(first.log, write('task-1', 'no_stream')),
  ]);
  expect(results.map(({ repeated }) => repeated)).toEqual([false, false]);
  expect(other.faults.appends).toEqual([]);
});

it('appends follow the leader as it moves, from whichever node they are sent', async () => {
  const cluster = await startCluster(3);
  onTestFinished(() => cluster.close());
  const { log } = await aLogAt(cluster.url);
  const single = await aLogAt(cluster.nodes[1]!.url);
  for (const [round, leader] of [0, 2, 1, 0].entries()) {
    cluster.lead(leader);
    await appended(log, write('task-1', round - 1));
    await appended(single.log, write('task-2', round - 1));
  }
  expect(await everything(log)).toHaveLength(8);
});

it('a cluster without a leader is waited for, and then said to have none', async () => {
  const cluster = await startCluster(3);
  onTestFinished(() => cluster.close());
  const { log } = await aLogAt(cluster.url, { appendMsMax: 400 });
  cluster.lead(-1);
  const writes = [write('task-1', 'no_stream')];
  await expect(log.append(writes)).rejects.toMatchObject({ retryable: true });
  cluster.lead(2);
  await eventually('there is a leader again', () => log.append(writes));
  expect(await everything(log)).toHaveLength(1);
});
