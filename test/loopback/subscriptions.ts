/**
 * Subscriptions of a node: catching up and then live, exclusive of where they begin, with the
 * filters and the checkpoints of the real server.
 */
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes } from '@grpc/grpc-js';
import type { ReadCall, ReadOptions } from './calls.ts';
import type { Node } from './inside.ts';
import { checkpointResponse, eventResponse, nameOf, refused } from './messages.ts';
import type { Recorded, Store } from './store.ts';

/** Considered records between two checkpoints, times what the client asks for. */
const windowDefault = 32;

/** Serves a subscription until it is cancelled or made to end. */
export function subscribe(node: Node, call: ReadCall, options: ReadOptions): void {
  const { store, faults } = node;
  const begin = beginOf(store, options);
  if (begin === undefined) {
    call.emit('error', refused(codes.INVALID_ARGUMENT, 'Unexpected stream position'));
    return;
  }
  const isWanted = filterOf(options);
  const filter = options.getFilter();
  const window =
    (filter?.getMax() || windowDefault) * (filter?.getCheckpointintervalmultiplier() || 1);
  let next = begin;
  let considered = 0;
  let checkpointAt = -1;
  let isLive = false;
  let isBlocked = false;

  const write = (response: streamsPb.ReadResp) => {
    isBlocked = !call.write(response);
  };

  function sendCheckpoint(): void {
    const record = store.all[next - 1];
    if (filter === undefined || record === undefined || record.position === checkpointAt) return;
    const repeated = faults.duplicateCheckpoints && checkpointAt >= 0;
    const before = checkpointAt;
    checkpointAt = record.position;
    write(checkpointResponse(checkpointAt));
    if (!repeated) return;
    write(checkpointResponse(before));
    write(checkpointResponse(checkpointAt));
  }

  function sendNext(record: Recorded): void {
    next += 1;
    considered += 1;
    if (isWanted(record)) write(eventResponse(record));
    if (considered % window === 0) sendCheckpoint();
  }

  function pump(): void {
    if (faults.muteSubscriptions) return;
    while (!isBlocked && !call.cancelled && next < store.all.length) sendNext(store.all[next]!);
    if (isBlocked || isLive) return;
    isLive = true;
    sendCheckpoint();
    if (faults.caughtUp) {
      write(new streamsPb.ReadResp().setCaughtUp(new streamsPb.ReadResp.CaughtUp()));
    }
  }

  const stopHearing = store.onGrown(pump);
  const forget = node.subscribers.add({
    reset: () => node.drop(call),
    end: () => call.end(),
    mute: () => stopHearing(),
  });
  call.on('drain', () => {
    isBlocked = false;
    pump();
  });
  const stop = () => {
    stopHearing();
    forget();
  };
  call.on('cancelled', stop);
  call.on('close', stop);
  call.on('finish', stop);
  const confirmation = new streamsPb.ReadResp.SubscriptionConfirmation();
  write(new streamsPb.ReadResp().setConfirmation(confirmation.setSubscriptionId('loopback')));
  pump();
}

/** Index of the first record to consider; undefined where no record begins at the position. */
function beginOf(store: Store, options: ReadOptions): number | undefined {
  const all = options.getAll();
  if (all?.hasPosition()) return store.behind(Number(all.getPosition()!.getCommitPosition()));
  if (all?.hasEnd() || options.getStream()?.hasEnd()) return store.all.length;
  return 0;
}

function filterOf(options: ReadOptions): (record: Recorded) => boolean {
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = nameOf(stream.getStreamIdentifier());
    const after = stream.hasRevision() ? Number(stream.getRevision()) : -1;
    return (record) => record.stream === name && record.revision > after;
  }
  const filter = options.getFilter();
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (expression === undefined) return () => true;
  const textOf = filter?.hasStreamIdentifier()
    ? (record: Recorded) => record.stream
    : (record: Recorded) => record.type;
  const prefixes = expression.getPrefixList();
  const regex = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  return (record) =>
    regex?.test(textOf(record)) ?? prefixes.some((prefix) => textOf(record).startsWith(prefix));
}
