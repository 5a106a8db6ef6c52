/** How a node is read: one stream or everything, from either end, in one call. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes } from '@grpc/grpc-js';
import type { ReadCall, ReadOptions } from './calls.ts';
import type { Node } from './inside.ts';
import { eventResponse, nameOf, refused, streamDeleted } from './messages.ts';
import type { Recorded, Store } from './store.ts';
import { subscribe } from './subscriptions.ts';

/** Takes a read or a subscription, which the protocol has in one call. */
export function takeRead(node: Node, call: ReadCall): void {
  const options = call.request.getOptions()!;
  call.on('error', () => {});
  const refusal = node.refusalOf(call.metadata, options.hasAll() ? 'all' : 'stream');
  if (refusal !== undefined) {
    call.emit('error', refusal);
    return;
  }
  if (options.hasSubscription()) subscribe(node, call, options);
  else void answerRead(node.store, call, options);
}

async function answerRead(store: Store, call: ReadCall, options: ReadOptions): Promise<void> {
  const records = options.hasAll() ? selectAll(store, options) : selectStream(store, options);
  if (records === 'deleted') {
    call.emit('error', streamDeleted(nameOf(options.getStream()?.getStreamIdentifier())));
  } else if (records === 'missing') {
    call.write(notFound(options));
    call.end();
  } else if (records === 'no_boundary') {
    // The words of a real node are another matter; the code is what clients see.
    call.emit('error', refused(codes.INVALID_ARGUMENT, 'Unexpected stream position'));
  } else {
    for (const record of records) {
      if (call.cancelled) return;
      if (!call.write(eventResponse(record))) await drained(call);
    }
    call.end();
  }
}

function drained(call: ReadCall): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      call.off('drain', goOn).off('cancelled', goOn);
      resolve();
    };
    call.on('drain', goOn).on('cancelled', goOn);
  });
}

function notFound(options: ReadOptions): streamsPb.ReadResp {
  const identifier = options.getStream()?.getStreamIdentifier() ?? new sharedPb.StreamIdentifier();
  return new streamsPb.ReadResp().setStreamNotFound(
    new streamsPb.ReadResp.StreamNotFound().setStreamIdentifier(identifier),
  );
}

function selectStream(
  store: Store,
  options: ReadOptions,
): readonly Recorded[] | 'deleted' | 'missing' {
  const wanted = options.getStream()!;
  const records = store.streamOf(nameOf(wanted.getStreamIdentifier()));
  if (typeof records === 'string') return records;
  const count = Number(options.getCount());
  const first = records[0]?.revision ?? 0;
  if (options.getReadDirection() === streamsPb.ReadReq.Options.ReadDirection.BACKWARDS) {
    const end = wanted.hasRevision() ? Number(wanted.getRevision()) - first + 1 : records.length;
    return records.slice(Math.max(end - count, 0), Math.max(end, 0)).toReversed();
  }
  const begin = wanted.hasRevision() ? Math.max(Number(wanted.getRevision()) - first, 0) : 0;
  return records.slice(begin, begin + count);
}

/** Forwards the record at the position is the first; backwards it is left out. */
function selectAll(store: Store, options: ReadOptions): readonly Recorded[] | 'no_boundary' {
  const wanted = options.getAll()!;
  const count = Number(options.getCount());
  const behind = wanted.hasPosition()
    ? store.behind(Number(wanted.getPosition()!.getCommitPosition()))
    : undefined;
  if (wanted.hasPosition() && behind === undefined) return 'no_boundary';
  if (options.getReadDirection() === streamsPb.ReadReq.Options.ReadDirection.BACKWARDS) {
    const end = behind === undefined ? store.all.length : behind - 1;
    return store.all.slice(Math.max(end - count, 0), end).toReversed();
  }
  const begin = behind === undefined ? 0 : behind - 1;
  return wanted.hasEnd() ? [] : store.all.slice(begin, begin + count);
}
