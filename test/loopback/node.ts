/**
 * A loopback node: speaks the protocol of EventStoreDB over a real socket, so that the real client
 * can be tested without a server. **A test fixture**: it stores in memory, checks no passwords,
 * and proves what the client does, never what a server does.
 */
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { takeAppend } from './append-call.ts';
import { takeBatches } from './batch-stream.ts';
import { createConnections, host } from './connections.ts';
import { takeDelete, takeTombstone } from './deletes.ts';
import { type Faults, noFaults } from './faults.ts';
import { createGossip, type Member, takeFeatures } from './gossip.ts';
import type { Node, Subscriber } from './inside.ts';
import { accessDenied, noLeaderInfo, notLeader, notReady } from './messages.ts';
import { takeRead } from './reads.ts';
import { createStore, type Store } from './store.ts';

/** A running node, to its test. */
export interface Loopback {
  readonly port: number;
  /** Connection string for the client. */
  readonly url: string;
  readonly store: Store;
  readonly faults: Faults;
  /** How many subscriptions are open. */
  subscriptions(): number;
  /** How many there have been. */
  subscriptionsEver(): number;
  /** Breaks the connections of all subscriptions, ends them, or lets nothing come any more. */
  breakSubscriptions(how: keyof Subscriber): void;
  /** Breaks every connection. */
  cut(): void;
  /** Takes no connection any more and breaks those there are; `start` takes them again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** How to make a node. */
export interface LoopbackOptions {
  /** Default: any that is free. */
  readonly port?: number;
  /** What it stores into. Default: a store of its own. */
  readonly store?: Store;
  readonly faults?: Partial<Faults>;
  /** The cluster it is in. Default: it is alone, and its own leader. */
  readonly members?: () => readonly Member[];
}

/** Starts a node on a port of this machine. */
export async function startLoopback(options: LoopbackOptions = {}): Promise<Loopback> {
  const faults: Faults = { ...noFaults(), ...options.faults };
  const nowMs = () => Date.now() + faults.clockAheadMs;
  const store = options.store ?? createStore(nowMs);
  const connections = createConnections(options.port ?? 0);
  const subscribers = new Set<Subscriber>();
  const timers = new Set<NodeJS.Timeout>();
  let subscriptionsEver = 0;

  const alone = () => [{ host, port: connections.port(), isLeader: true, isAlive: true }];
  const members = options.members ?? alone;
  const leader = () => members().find(({ isLeader }) => isLeader);

  const node: Node = {
    store,
    faults,
    nowMs,
    drop: connections.drop,
    subscribers: {
      add(subscriber) {
        subscribers.add(subscriber);
        subscriptionsEver += 1;
        return () => subscribers.delete(subscriber);
      },
    },
    refusalOf(metadata, what) {
      if (faults.denyUser || (faults.denyAll && what === 'all')) return accessDenied();
      if (faults.readOnly && what === 'write') return noLeaderInfo();
      const isForLeader = metadata.get('requires-leader')[0] === 'true';
      const isElsewhere = leader()?.port !== connections.port();
      return isForLeader && isElsewhere ? node.pointToLeader() : undefined;
    },
    takeAppendFault: (stream) => (stream.endsWith(':store') ? undefined : faults.appends.shift()),
    pointToLeader() {
      const found = leader();
      return found === undefined ? notReady() : notLeader(found);
    },
    later: (fn) => void timers.add(setTimeout(fn, faults.lateMs)),
  };

  const grpc = serverOf(node, members);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const start = () => connections.start((socket) => injector.injectConnection(socket));
  await start();
  return {
    get port() {
      return connections.port();
    },
    get url() {
      return `esdb://${host}:${connections.port()}?tls=false`;
    },
    store,
    faults,
    subscriptions: () => subscribers.size,
    subscriptionsEver: () => subscriptionsEver,
    breakSubscriptions: (how) => {
      for (const subscriber of subscribers) subscriber[how]();
    },
    cut: connections.cut,
    stop: connections.stop,
    start,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await connections.stop();
      grpc.forceShutdown();
    },
  };
}

/** Large appends come in parts of 3 MiB, and a part may hold one event of any size. */
const messageBytesMax = 300 * 1024 * 1024;

function serverOf(node: Node, members: () => readonly Member[]): Server {
  const server = new Server({
    'grpc.max_receive_message_length': messageBytesMax,
    'grpc.max_send_message_length': messageBytesMax,
  });
  server.addService(streamsGrpc.StreamsService, {
    read: (call: Parameters<typeof takeRead>[1]) => takeRead(node, call),
    append: (call: Parameters<typeof takeAppend>[1], callback: Parameters<typeof takeAppend>[2]) =>
      takeAppend(node, call, callback),
    batchAppend: (call: Parameters<typeof takeBatches>[1]) => takeBatches(node, call),
    delete: (call: Parameters<typeof takeDelete>[1], callback: Parameters<typeof takeDelete>[2]) =>
      takeDelete(node, call, callback),
    tombstone: (
      call: Parameters<typeof takeTombstone>[1],
      callback: Parameters<typeof takeTombstone>[2],
    ) => takeTombstone(node, call, callback),
  });
  server.addService(gossipGrpc.GossipService, createGossip(members));
  server.addService(featuresGrpc.ServerFeaturesService, {
    getSupportedMethods: (
      call: Parameters<typeof takeFeatures>[1],
      callback: Parameters<typeof takeFeatures>[2],
    ) => takeFeatures(node, call, callback),
  });
  return server;
}
