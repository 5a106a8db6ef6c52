/** What becomes of an append at a node, however it came: it is stored and answered, or a fault. */
import type { AppendFault } from './faults.ts';
import type { Node } from './inside.ts';
import { accessDenied, notReady, type Refused } from './messages.ts';
import type { Expected, Proposed, Verdict } from './store.ts';

/** One append. */
export interface Append {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly Proposed[];
  /** The client wants no answer after this, UTC ms by its own clock. */
  readonly deadlineAtMs: number;
}

/** Ways to answer an append, or to break off. */
export interface Answer {
  verdict(verdict: Verdict): void;
  tooLarge(): void;
  timedOut(): void;
  tooBusy(): void;
  /** Ends the call, and with a batch stream all that are under way on it. */
  fail(refusal: Refused): void;
  /** Ends a batch stream without an error. */
  end(): void;
  /** Breaks the connection. */
  drop(): void;
}

/** Lets happen what is to happen to the next append, or takes it as it should be taken. */
export function befall(node: Node, append: Append, answer: Answer): void {
  const { stream, expected, events } = append;
  const fault = node.takeAppendFault(stream);
  const store = () => node.store.append(stream, expected, events);
  const whatHappens: Record<AppendFault, () => void> = {
    commit_then_drop: () => {
      store();
      answer.drop();
    },
    commit_in_silence: () => void store(),
    ignore: () => {},
    answer_late: () => {
      const verdict = store();
      node.later(() => answer.verdict(verdict));
    },
    commit_late: () => node.later(() => answer.verdict(store())),
    commit_then_end: () => {
      store();
      answer.end();
    },
    not_leader: () => answer.fail(node.pointToLeader()),
    unavailable: () => answer.fail(notReady()),
    too_busy: () => answer.tooBusy(),
    commit_then_timeout: () => {
      store();
      answer.timedOut();
    },
    access_denied: () => answer.fail(accessDenied()),
  };
  if (fault === undefined) storeAndAnswer(node, append, answer);
  else whatHappens[fault]();
}

/** What a node without faults makes of an append. */
function storeAndAnswer(node: Node, append: Append, answer: Answer): void {
  const { faults, store } = node;
  const { stream, expected, events, deadlineAtMs } = append;
  const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
  if (bytes > faults.appendBytesMax) {
    answer.tooLarge();
    return;
  }
  if (node.nowMs() > deadlineAtMs) {
    answer.timedOut();
    return;
  }
  const verdict = store.append(stream, faults.ignoresExpected ? 'any' : expected, events);
  const isSilent = verdict.kind === 'repeated' && !faults.idempotentPosition;
  answer.verdict(isSilent ? { ...verdict, position: -1 } : verdict);
}
