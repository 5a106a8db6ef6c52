/** What a node says about itself and its cluster. */
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { status as codes, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { Node } from './inside.ts';
import { accessDenied, refused } from './messages.ts';

/** A node as its cluster knows it. */
export interface Member {
  readonly host: string;
  readonly port: number;
  readonly isLeader: boolean;
  readonly isAlive: boolean;
}

/** The gossip of a node in this cluster. */
export function createGossip(members: () => readonly Member[]) {
  return {
    read(
      _call: ServerUnaryCall<sharedPb.Empty, gossipPb.ClusterInfo>,
      callback: sendUnaryData<gossipPb.ClusterInfo>,
    ) {
      callback(null, new gossipPb.ClusterInfo().setMembersList(members().map(memberInfo)));
    },
  };
}

function memberInfo({ host, port, isLeader, isAlive }: Member): gossipPb.MemberInfo {
  const { LEADER, FOLLOWER } = gossipPb.MemberInfo.VNodeState;
  return new gossipPb.MemberInfo()
    .setInstanceId(
      new sharedPb.UUID().setString(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`),
    )
    .setTimeStamp('0')
    .setState(isLeader ? LEADER : FOLLOWER)
    .setIsAlive(isAlive)
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress(host).setPort(port));
}

/** Says which calls there are. Old servers do not know the question. */
export function takeFeatures(
  { faults }: Node,
  _call: ServerUnaryCall<sharedPb.Empty, featuresPb.SupportedMethods>,
  callback: sendUnaryData<featuresPb.SupportedMethods>,
): void {
  if (faults.denyUser || !faults.serverFeatures) {
    callback(faults.denyUser ? accessDenied() : refused(codes.UNIMPLEMENTED, 'Unimplemented'));
    return;
  }
  const service = 'event_store.client.streams.streams';
  const methods = ['read', 'append', 'batchappend', 'delete', 'tombstone'].map((name) =>
    new featuresPb.SupportedMethod().setServiceName(service).setMethodName(name),
  );
  const answer = new featuresPb.SupportedMethods().setEventStoreServerVersion('24.6.0-loopback');
  callback(null, answer.setMethodsList(methods));
}
