/** Appends over one long-lived stream, each in as many parts as its client likes. */
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes, type ServerDuplexStream } from '@grpc/grpc-js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { type Answer, type Append, befall } from './befall.ts';
import type { Node } from './inside.ts';
import {
  batchConflict,
  batchExpectedOf,
  batchFailure,
  identifierOf,
  nameOf,
  proposedOf,
} from './messages.ts';
import type { Accepted, Proposed } from './store.ts';

type Call = ServerDuplexStream<streamsPb.BatchAppendReq, streamsPb.BatchAppendResp>;

interface Part {
  readonly options: streamsPb.BatchAppendReq.Options;
  readonly events: Proposed[];
}

/** Takes appends until the stream ends. */
export function takeBatches(node: Node, call: Call): void {
  const parts = new Map<string, Part>();

  function take(request: streamsPb.BatchAppendReq): void {
    const correlation = request.getCorrelationId()!;
    const id = correlation.getString();
    const options = request.getOptions();
    const part = options === undefined ? parts.get(id)! : { options, events: [] };
    parts.set(id, part);
    for (const message of request.getProposedMessagesList()) part.events.push(proposedOf(message));
    if (!request.getIsFinal()) return;
    parts.delete(id);
    const append = appendOf(part);
    befall(node, append, answerOf(append, correlation, call, node));
  }

  call.on('error', () => {});
  call.on('end', () => call.end());
  call.on('data', (request: streamsPb.BatchAppendReq) => {
    const refusal = node.refusalOf(call.metadata, 'write');
    if (refusal === undefined) take(request);
    else call.emit('error', refusal);
  });
}

function appendOf({ options, events }: Part): Append {
  return {
    stream: nameOf(options.getStreamIdentifier()),
    expected: batchExpectedOf(options),
    events,
    deadlineAtMs: options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY,
  };
}

function answerOf(
  { stream, expected }: Append,
  correlation: sharedPb.UUID,
  call: Call,
  node: Node,
): Answer {
  const respond = (fill: (response: streamsPb.BatchAppendResp) => void) => {
    const response = new streamsPb.BatchAppendResp()
      .setCorrelationId(correlation)
      .setStreamIdentifier(identifierOf(stream));
    fill(response);
    if (!call.cancelled) call.write(response);
  };
  const failWith = (code: number, message: string, typeName: string) =>
    respond((response) =>
      response.setError(batchFailure(code, message, [typeName, new emptyPb.Empty()])),
    );
  return {
    verdict(verdict) {
      if (verdict.kind === 'deleted') {
        failWith(codes.FAILED_PRECONDITION, 'deleted', 'event_store.client.StreamDeleted');
      } else if (verdict.kind === 'conflict') {
        respond((response) => response.setError(batchConflict(expected, verdict.current)));
      } else {
        respond((response) => response.setSuccess(successOf(verdict)));
      }
    },
    tooLarge: () =>
      failWith(
        codes.INVALID_ARGUMENT,
        'Maximum append size exceeded',
        'event_store.client.MaximumAppendSizeExceeded',
      ),
    timedOut: () => failWith(codes.DEADLINE_EXCEEDED, 'Timeout', 'event_store.client.Timeout'),
    tooBusy: () => failWith(codes.UNAVAILABLE, 'Server Is Too Busy', 'google.protobuf.Empty'),
    fail: (refusal) => call.emit('error', refusal),
    end: () => call.end(),
    drop: () => node.drop(call),
  };
}

function successOf({ revision, position }: Accepted): streamsPb.BatchAppendResp.Success {
  const success = new streamsPb.BatchAppendResp.Success().setCurrentRevision(String(revision));
  if (position < 0) return success.setNoPosition(new emptyPb.Empty());
  return success.setPosition(
    new sharedPb.AllStreamPosition()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );
}
