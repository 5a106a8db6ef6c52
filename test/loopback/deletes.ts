/** How a node deletes streams: softly, or for good. */
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Node } from './inside.ts';
import { nameOf } from './messages.ts';

/** Deletes a stream softly: its numbers go on where they were. */
export function takeDelete(
  node: Node,
  call: ServerUnaryCall<streamsPb.DeleteReq, streamsPb.DeleteResp>,
  callback: sendUnaryData<streamsPb.DeleteResp>,
): void {
  const refusal = node.refusalOf(call.metadata, 'write');
  if (refusal === undefined) {
    node.store.remove(nameOf(call.request.getOptions()?.getStreamIdentifier()));
    callback(null, new streamsPb.DeleteResp());
  } else {
    callback(refusal);
  }
}

/** Deletes a stream for good. */
export function takeTombstone(
  node: Node,
  call: ServerUnaryCall<streamsPb.TombstoneReq, streamsPb.TombstoneResp>,
  callback: sendUnaryData<streamsPb.TombstoneResp>,
): void {
  const refusal = node.refusalOf(call.metadata, 'write');
  if (refusal === undefined) {
    node.store.tombstone(nameOf(call.request.getOptions()?.getStreamIdentifier()));
    callback(null, new streamsPb.TombstoneResp());
  } else {
    callback(refusal);
  }
}
