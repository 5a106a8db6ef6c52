/** The loopback node answers the real client as the real server is known to. */
import { randomUUID } from 'node:crypto';
import esdb, { type Position } from '@eventstore/db-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Faults } from './faults.ts';
import { startLoopback } from './node.ts';

const { EventStoreDBClient, jsonEvent, streamNameFilter } = esdb;

async function connect(faults: Partial<Faults> = {}) {
  const node = await startLoopback({ faults });
  const client = EventStoreDBClient.connectionString(node.url);
  onTestFinished(async () => {
    await client.dispose();
    await node.close();
  });
  return { node, client };
}

const anEvent = (id = randomUUID()) =>
  jsonEvent({ id, type: 'SomethingHappened', data: { what: 'é' }, metadata: { by: 'somebody' } });

describe.each([
  ['a batch stream', true],
  ['calls of their own', false],
])('appends over %s', (_, serverFeatures) => {
  it('are taken at the expected revision, and refused at any other', async () => {
    const { client } = await connect({ serverFeatures });
    const first = await client.appendToStream('a', [anEvent(), anEvent()], {
      expectedRevision: 'no_stream',
    });
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
    const refused = client.appendToStream('a', anEvent(), { expectedRevision: 7n });
    await expect(refused).rejects.toMatchObject({
      type: 'wrong-expected-version',
      expectedVersion: 7n,
      actualVersion: 1n,
    });
    const missing = client.appendToStream('b', anEvent(), { expectedRevision: 'stream_exists' });
    await expect(missing).rejects.toMatchObject({ actualVersion: 'no_stream' });
  });

  it('are recognised when repeated behind the tail, and doubled at it', async () => {
    const { client, node } = await connect({ serverFeatures });
    const event = anEvent();
    const first = await client.appendToStream('a', event, { expectedRevision: 'no_stream' });
    const again = await client.appendToStream('a', event, { expectedRevision: 'no_stream' });
    expect(again).toEqual(first);
    node.faults.idempotentPosition = false;
    const silent = await client.appendToStream('a', event, { expectedRevision: 'no_stream' });
    expect(silent).toEqual({ success: true, nextExpectedRevision: 0n, position: undefined });
    await client.appendToStream('a', event, { expectedRevision: 0n });
    expect(node.store.all).toHaveLength(2);
  });

  it('go on after a soft deletion, and are refused after one for good', async () => {
    const { client } = await connect({ serverFeatures });
    for (const stream of ['soft', 'hard']) {
      await client.appendToStream(stream, anEvent(), { expectedRevision: 'no_stream' });
    }
    await client.deleteStream('soft');
    await client.tombstoneStream('hard');
    const soft = await client.appendToStream('soft', anEvent(), { expectedRevision: 'no_stream' });
    expect(soft.nextExpectedRevision).toBe(1n);
    const hard = client.appendToStream('hard', anEvent(), { expectedRevision: 'any' });
    await expect(hard).rejects.toMatchObject({ type: 'stream-deleted' });
  });
});

it('a read begins at its position forwards, and in front of it backwards', async () => {
  const { client } = await connect();
  for (const stream of ['a', 'b', 'c']) await client.appendToStream(stream, anEvent());
  const all: { readonly position?: Position | undefined }[] = [];
  for await (const { event } of client.readAll({ maxCount: 10 })) all.push(event!);
  const read = async (direction: 'forwards' | 'backwards') => {
    const streams: string[] = [];
    const from = { fromPosition: all[1]!.position!, direction, maxCount: 10 } as const;
    for await (const { event } of client.readAll(from)) streams.push(event!.streamId);
    return streams;
  };
  expect(await read('forwards')).toEqual(['b', 'c']);
  expect(await read('backwards')).toEqual(['a']);
});

it('a position that is no boundary is refused', async () => {
  const { client } = await connect();
  await client.appendToStream('a', anEvent());
  const read = async () => {
    for await (const _ of client.readAll({ fromPosition: { commit: 5n, prepare: 5n } }));
  };
  await expect(read()).rejects.toMatchObject({ type: 'unknown' });
});

it('a subscription begins behind its position, and tells how far it has looked', async () => {
  const { client } = await connect();
  const first = await client.appendToStream('x.1', anEvent());
  await client.appendToStream('x.2', anEvent());
  await client.appendToStream('y.1', anEvent());
  const checkpoints: bigint[] = [];
  const subscription = client.subscribeToAll({
    fromPosition: first.position!,
    filter: streamNameFilter({
      prefixes: ['x.'],
      checkpointReached: async (_, { commit }) => void checkpoints.push(commit),
    }),
  });
  const seen: string[] = [];
  subscription.on('caughtUp', () => void client.appendToStream('x.3', anEvent()));
  for await (const { event } of subscription) {
    seen.push(event!.streamId);
    if (seen.length === 2) break;
  }
  await subscription.unsubscribe();
  expect(seen).toEqual(['x.2', 'x.3']);
  expect(checkpoints).toHaveLength(1);
});
