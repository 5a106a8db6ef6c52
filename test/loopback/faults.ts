/**
 * The ways in which a loopback node misbehaves: what networks, servers and clocks do to a client.
 *
 * Every knob is plain data, so that a node in another process is told by one line of JSON.
 */

/** What happens to an append, instead of being stored and answered. */
export type AppendFault =
  /** Stored; the connection breaks before the answer. */
  | 'commit_then_drop'
  /** Stored; no answer ever, on a connection that lives. */
  | 'commit_in_silence'
  /** Neither stored nor answered. */
  | 'ignore'
  /** Stored at once, answered `lateMs` later, when the client has long given up. */
  | 'answer_late'
  /** Not stored for `lateMs`, and then stored, when the client has long given up. */
  | 'commit_late'
  /** Stored; the batch stream ends cleanly without the answer. */
  | 'commit_then_end'
  /** Not stored: the node says that it is not the leader, and who is. */
  | 'not_leader'
  /** Not stored: the node is not ready. */
  | 'unavailable'
  /** Not stored: too busy, which a batch stream can only say in a way no client understands. */
  | 'too_busy'
  /** Stored; the node says that it took too long. */
  | 'commit_then_timeout'
  /** Not stored: the user lacks the right. */
  | 'access_denied';

/** How a node behaves. All of it may be changed at any moment. */
export interface Faults {
  /** What befalls the next appends to streams of a board, one each; then all is well again. */
  appends: AppendFault[];
  /** For faults that answer or store late. */
  lateMs: number;
  /** Whether the node knows ServerFeatures, and with it BatchAppend; asked once a connection. */
  serverFeatures: boolean;
  /** Whether subscriptions are told that they have caught up, as by servers of today. */
  caughtUp: boolean;
  /** Whether a repeat is answered with its position. Real servers may leave it out. */
  idempotentPosition: boolean;
  /** Whether a repeat is refused no more: every append is stored. A client gone wrong asks so. */
  ignoresExpected: boolean;
  /** Every checkpoint is sent twice, and once more from before. */
  duplicateCheckpoints: boolean;
  /** Subscriptions stay open, and nothing comes. */
  muteSubscriptions: boolean;
  /** How far the clock of the node is ahead, ms: times of events, and deadlines of appends. */
  clockAheadMs: number;
  /** Largest append, in bytes. */
  appendBytesMax: number;
  /** Reads of everything are refused, as for users who are no administrators. */
  denyAll: boolean;
  /** Every call is refused: no such user, or another password. */
  denyUser: boolean;
  /** Writes are refused, as by a read-only replica. */
  readOnly: boolean;
}

/** A node that behaves. The limit is that of servers since 25.1. */
export function noFaults(): Faults {
  return {
    appends: [],
    lateMs: 0,
    serverFeatures: true,
    caughtUp: true,
    idempotentPosition: true,
    ignoresExpected: false,
    duplicateCheckpoints: false,
    muteSubscriptions: false,
    clockAheadMs: 0,
    appendBytesMax: 256 * 1024 * 1024,
    denyAll: false,
    denyUser: false,
    readOnly: false,
  };
}
