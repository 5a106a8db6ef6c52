/** The read call of the protocol. */
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';

/** A call that is answered with as many messages as it takes. */
export type ReadCall = ServerWritableStream<streamsPb.ReadReq, streamsPb.ReadResp>;

/** What a read asks for. */
export type ReadOptions = streamsPb.ReadReq.Options;
