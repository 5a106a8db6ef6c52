/** Records as messages of the protocol, and back. */

import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes, Metadata } from '@grpc/grpc-js';
import type { Message } from 'google-protobuf';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Expected, Proposed, Recorded } from './store.ts';

/** A refusal as gRPC has it: a status, and what it is about in the trailers. */
export interface Refused {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** A refusal of the given kind, with its facts in the trailers. */
export function refused(
  code: number,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): Refused {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
}

/** What a follower says to who wants the leader. */
export function notLeader(leader: { readonly host: string; readonly port: number }): Refused {
  return refused(codes.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });
}

/** What a node says to who lacks a right. */
export const accessDenied = (): Refused =>
  refused(codes.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

/** What a node says that is starting, or has no leader. */
export const notReady = (): Refused => refused(codes.UNAVAILABLE, 'Server Is Not Ready');

/** What a read-only node without a leader says to writers. */
export const noLeaderInfo = (): Refused =>
  refused(codes.UNKNOWN, 'No leader info available in response');

/** What is said of a stream that was deleted for good. */
export const streamDeleted = (stream: string): Refused =>
  refused(codes.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

/** The name in a stream identifier, which travels as bytes. */
export function nameOf(identifier: sharedPb.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

/** A stream identifier. */
export function identifierOf(stream: string): sharedPb.StreamIdentifier {
  return new sharedPb.StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8'));
}

/** A proposed message as an event to store. */
export function proposedOf(
  message: streamsPb.AppendReq.ProposedMessage | streamsPb.BatchAppendReq.ProposedMessage,
): Proposed {
  const map = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

const ticksPerMs = 10_000n;

/** A record as readers get it. */
export function eventResponse(record: Recorded): streamsPb.ReadResp {
  const position = String(record.position);
  const recorded = new streamsPb.ReadResp.ReadEvent.RecordedEvent()
    .setId(new sharedPb.UUID().setString(record.id))
    .setStreamIdentifier(identifierOf(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', String(BigInt(Math.trunc(record.createdAtMs)) * ticksPerMs));
  const event = new streamsPb.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position);
  return new streamsPb.ReadResp().setEvent(event);
}

/** A checkpoint of a filtered subscription. */
export function checkpointResponse(position: number): streamsPb.ReadResp {
  const checkpoint = new streamsPb.ReadResp.Checkpoint()
    .setCommitPosition(String(position))
    .setPreparePosition(String(position));
  return new streamsPb.ReadResp().setCheckpoint(checkpoint);
}

/** A failed batch append: a status of its own inside the answer, with what went wrong packed up. */
export function batchFailure(
  code: number,
  message: string,
  [typeName, details]: readonly [typeName: string, details: Message],
): statusPb.Status {
  const any = new anyPb.Any();
  any.pack(details.serializeBinary(), typeName);
  return new statusPb.Status()
    .setCode(code as never)
    .setMessage(message)
    .setDetails(any);
}

/** The failure of an append whose expectation did not hold, for a batch stream. */
export function batchConflict(expected: Expected, current: number): statusPb.Status {
  const facts = new sharedPb.WrongExpectedVersion();
  if (current < 0) facts.setCurrentNoStream(new emptyPb.Empty());
  else facts.setCurrentStreamRevision(String(current));
  if (expected === 'any') facts.setExpectedAny(new emptyPb.Empty());
  else if (expected === 'no_stream') facts.setExpectedNoStream(new emptyPb.Empty());
  else if (expected === 'stream_exists') facts.setExpectedStreamExists(new emptyPb.Empty());
  else facts.setExpectedStreamPosition(String(expected));
  return batchFailure(codes.ALREADY_EXISTS, 'Wrong expected version', [
    'event_store.client.WrongExpectedVersion',
    facts,
  ]);
}

/** The same inside the answer to an append of its own. */
export function wrongExpectedVersion(
  expected: Expected,
  current: number,
): streamsPb.AppendResp.WrongExpectedVersion {
  const facts = new streamsPb.AppendResp.WrongExpectedVersion();
  if (current < 0) facts.setCurrentNoStream(new sharedPb.Empty());
  else facts.setCurrentRevision(String(current));
  if (expected === 'any') facts.setExpectedAny(new sharedPb.Empty());
  else if (expected === 'no_stream') facts.setExpectedNoStream(new sharedPb.Empty());
  else if (expected === 'stream_exists') facts.setExpectedStreamExists(new sharedPb.Empty());
  else facts.setExpectedRevision(String(expected));
  return facts;
}

/** What an append of its own expects. */
export function expectedOf(options: streamsPb.AppendReq.Options | undefined): Expected {
  if (options?.hasNoStream()) return 'no_stream';
  if (options?.hasStreamExists()) return 'stream_exists';
  return options?.hasRevision() ? Number(options.getRevision()) : 'any';
}

/** What an append in a batch stream expects. */
export function batchExpectedOf(options: streamsPb.BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasStreamPosition() ? Number(options.getStreamPosition()) : 'any';
}
