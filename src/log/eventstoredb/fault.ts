/**
 * What the client throws, judged: what became of the append, and what to say about it.
 *
 * By type *and* code, and whatever is not known otherwise has an unknown outcome: errors come with
 * a type and no code, with a code and no type, and with neither.
 */
import { LogUnavailable, type Position } from '../event-log.ts';
import { Replaced, TookTooLong } from './within.ts';

/** Something that people should hear of, and what to do about it. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What an error means for the call that it answered. */
export type Judgement =
  /** The expectation did not hold; -1 for a stream that does not exist. */
  | { readonly kind: 'conflict'; readonly actual: number }
  /** Nothing was stored, and trying again changes nothing. */
  | { readonly kind: 'refused' }
  /** Nothing was stored: the leader is elsewhere, and the client knows where. */
  | { readonly kind: 'elsewhere' }
  /** It may have been stored. With `isBroken` the connection is not to be trusted either. */
  | { readonly kind: 'unknown'; readonly isBroken: boolean };

interface Facts {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly actualVersion?: unknown;
}

const refusals: ReadonlySet<unknown> = new Set([
  'access-denied',
  'maximum-append-size-exceeded',
  'stream-deleted',
  'invalid-argument',
  'unsupported',
]);

/** Codes of gRPC: cancelled, unavailable. */
const broken: ReadonlySet<unknown> = new Set([1, 14]);

/** What an error of the client means. */
export function judge(error: unknown): Judgement {
  if (error instanceof TookTooLong) return { kind: 'unknown', isBroken: true };
  if (error instanceof Replaced) return { kind: 'unknown', isBroken: false };
  if (error instanceof LogUnavailable) return { kind: 'refused' };
  const { type, code, actualVersion } = factsOf(error);
  if (type === 'wrong-expected-version') {
    return {
      kind: 'conflict',
      actual: typeof actualVersion === 'bigint' ? Number(actualVersion) : -1,
    };
  }
  if (type === 'not-leader') return { kind: 'elsewhere' };
  if (refusals.has(type)) return { kind: 'refused' };
  const isBroken = type === 'unavailable' || type === 'cancelled' || broken.has(code);
  return { kind: 'unknown', isBroken: isBroken || type === undefined };
}

function factsOf(error: unknown): Facts {
  return typeof error === 'object' && error !== null ? error : {};
}

/** What was attempted, for a sentence and its hint. */
export type Attempted = 'append' | 'read' | 'read everything' | 'open the board';

/** The fault to tell: what is wrong, and what to do about it. */
export function faultOf(
  error: unknown,
  { attempted, label, outcomeUnknown = false }: FaultFacts,
): LogUnavailable {
  if (error instanceof LogUnavailable && error.outcomeUnknown === outcomeUnknown) return error;
  if (error instanceof LogUnavailable) return withOutcome(error, outcomeUnknown);
  const { code, said, hint, retryable } = wordsFor(error, attempted);
  return new LogUnavailable(`Cannot ${attempted} at ${label}: ${said}`, {
    code,
    hint,
    retryable,
    outcomeUnknown,
    cause: error,
  });
}

/** The same fault, about an append of which something may be stored, or nothing. */
export function withOutcome(fault: LogUnavailable, outcomeUnknown: boolean): LogUnavailable {
  const { message, code, hint, retryable, cause } = fault;
  return new LogUnavailable(message, { code, hint, retryable, outcomeUnknown, cause });
}

/** The trouble of one who reads what this host has, because the cluster cannot be reached. */
export function readingOld({ code, message, hint }: Trouble, position: Position): Trouble {
  return { code, message: `${message}; what this host has goes to position ${position}`, hint };
}

/** The trouble of a replica that cannot be written just now; nothing is lost by waiting. */
export function notWrittenYet({ code, message, hint }: Trouble): Trouble {
  return { code, message: `The replica of this host is not written for now: ${message}`, hint };
}

/** What a fault is about. */
export interface FaultFacts {
  readonly attempted: Attempted;
  /** Where, without a password. */
  readonly label: string;
  readonly outcomeUnknown?: boolean;
}

interface Words {
  readonly code: string;
  readonly said: string;
  readonly hint: string;
  readonly retryable: boolean;
}

function wordsFor(error: unknown, attempted: Attempted): Words {
  const { type, code, message } = factsOf(error);
  const text = plainly(typeof message === 'string' ? message : String(error));
  if (type === 'access-denied' || code === 7 || code === 16) return deniedWords(attempted);
  if (type === 'not-leader') return notLeaderWords;
  if (type === 'maximum-append-size-exceeded') return tooLargeWords;
  if (type === 'stream-deleted') return deletedWords;
  if (type === 'deadline-exceeded') return lateWords;
  if (/leader info/i.test(text)) return readOnlyWords;
  if (/certificate|self.signed|SSL|TLS|wrong version number/i.test(text)) return tlsWords(text);
  const isOurs = error instanceof TookTooLong || error instanceof Replaced;
  const isAway = isOurs || type === 'unavailable' || broken.has(code);
  if (isAway || /Failed to discover/.test(text)) return awayWords(text);
  return {
    code: 'log_failed',
    said: text,
    hint: 'Look at the log of the server; the same is tried again.',
    retryable: true,
  };
}

/** Without the codes and the empty notes that gRPC puts around what happened. */
function plainly(message: string): string {
  return message
    .replace(/^\d+ [A-Z_]+: /, '')
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\.? ?Resolution note: *\.?$/, '');
}

function deniedWords(attempted: Attempted): Words {
  const needsAll = attempted === 'read everything';
  return {
    code: 'log_access_denied',
    said: needsAll ? 'this user may not read $all' : 'the user or the password was refused',
    hint: needsAll
      ? 'Let the user be of $admins, or give it the right to read $all.'
      : 'Check user and password in `log` (percent-encoded), and its rights on the streams.',
    retryable: false,
  };
}

const notLeaderWords: Words = {
  code: 'log_not_leader',
  said: 'this node is not the leader, and the leader it names is not one either',
  hint: 'Name all nodes of the cluster in `log`: esdb://node-1:2113,node-2:2113,node-3:2113.',
  retryable: true,
};

const readOnlyWords: Words = {
  code: 'log_read_only_node',
  said: 'this node takes no writes, and there is no leader it knows of',
  hint: 'Name the nodes that elect a leader in `log`, not a read-only replica.',
  retryable: true,
};

const tooLargeWords: Words = {
  code: 'event_too_large',
  said: 'the server takes no append of that size',
  hint: 'Raise MaxAppendSize on every node (1 MiB by default before 25.1), or write less at once.',
  retryable: false,
};

const deletedWords: Words = {
  code: 'log_stream_deleted',
  said: 'somebody has deleted this stream on the cluster',
  hint: 'Streams of a board must not be deleted there: restore the cluster from a backup.',
  retryable: false,
};

const lateWords: Words = {
  code: 'log_too_slow',
  said: 'the server did not store it in time',
  hint: 'If every append ends like this, the clocks of server and client are far apart.',
  retryable: true,
};

function tlsWords(text: string): Words {
  return {
    code: 'log_tls',
    said: `the secure connection failed (${text})`,
    hint: 'Name the CA in `log` (tlsCAFile=…); say tls=false only if the server speaks no TLS.',
    retryable: false,
  };
}

function awayWords(text: string): Words {
  return {
    code: 'log_unreachable',
    said: text,
    hint: 'Check that the cluster runs and can be reached, and tls=false if it speaks no TLS.',
    retryable: true,
  };
}
