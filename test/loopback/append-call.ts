/** Appends in calls of their own: the way of old servers, and of calls with credentials. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes, type ServerReadableStream, type sendUnaryData } from '@grpc/grpc-js';
import { type Answer, type Append, befall } from './befall.ts';
import type { Node } from './inside.ts';
import {
  expectedOf,
  nameOf,
  proposedOf,
  refused,
  streamDeleted,
  wrongExpectedVersion,
} from './messages.ts';
import type { Accepted, Proposed } from './store.ts';

type Call = ServerReadableStream<streamsPb.AppendReq, streamsPb.AppendResp>;
type Callback = sendUnaryData<streamsPb.AppendResp>;

/** Takes one append: what it expects first, then its events one by one. */
export function takeAppend(node: Node, call: Call, callback: Callback): void {
  const events: Proposed[] = [];
  let options: streamsPb.AppendReq.Options | undefined;
  call.on('error', () => {});
  call.on('data', (request: streamsPb.AppendReq) => {
    if (request.hasOptions()) options = request.getOptions();
    const message = request.getProposedMessage();
    if (message !== undefined) events.push(proposedOf(message));
  });
  // A connection that breaks ends it too, with whatever had come by then, and then cancels it.
  call.on('end', () => setImmediate(() => call.cancelled || takeWhole()));

  function takeWhole(): void {
    const refusal = node.refusalOf(call.metadata, 'write');
    if (refusal !== undefined) {
      callback(refusal);
      return;
    }
    const stream = nameOf(options?.getStreamIdentifier());
    // The deadline of such a call is gRPC's own, a duration: clocks play no part in it.
    const deadlineAtMs = Number.POSITIVE_INFINITY;
    const append = { stream, expected: expectedOf(options), events, deadlineAtMs };
    befall(
      node,
      append,
      answerOf(append, callback, () => node.drop(call)),
    );
  }
}

function answerOf({ stream, expected }: Append, callback: Callback, drop: () => void): Answer {
  return {
    verdict(verdict) {
      if (verdict.kind === 'deleted') {
        callback(streamDeleted(stream));
        return;
      }
      const response = new streamsPb.AppendResp();
      if (verdict.kind === 'conflict') {
        response.setWrongExpectedVersion(wrongExpectedVersion(expected, verdict.current));
      } else {
        response.setSuccess(successOf(verdict));
      }
      callback(null, response);
    },
    tooLarge: () => callback(tooLarge()),
    timedOut: () => callback(refused(codes.ABORTED, 'Operation timed out')),
    tooBusy: () => callback(refused(codes.UNAVAILABLE, 'Server Is Too Busy')),
    fail: (refusal) => callback(refusal),
    end: drop,
    drop,
  };
}

const tooLarge = () =>
  refused(codes.INVALID_ARGUMENT, 'Maximum append size exceeded', {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': '1048576',
  });

function successOf({ revision, position }: Accepted): streamsPb.AppendResp.Success {
  const success = new streamsPb.AppendResp.Success().setCurrentRevision(String(revision));
  if (position < 0) return success.setNoPosition(new sharedPb.Empty());
  return success.setPosition(
    new streamsPb.AppendResp.Position()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );
}
