/**
 * Virtual time: a queue of what is going to happen, taken one by one in the order of its moments.
 *
 * Between two of them every promise settles that can, so whatever a program does in answer to one
 * event has been done before the next one comes. Nothing here knows the real time, and nobody waits
 * for it: an hour without events costs nothing.
 */

/** Whoever something happens to. It may stand still for a while, or be no more. */
export interface Subject {
  readonly isAlive: boolean;
  readonly isAsleep: boolean;
  /** What reaches it when it wakes: each puts one event back into the queue. */
  readonly held: (() => void)[];
}

/** The queue, and the present moment. */
export interface VirtualTime {
  /** Ms since the simulation began. */
  nowMs(): number;
  /**
   * Lets something happen after a while, unless its subject is dead by then; when it is asleep, as
   * soon as it wakes. Returns the way to cancel.
   */
  after(ms: number, happen: () => void, subject?: Subject): () => void;
  /** Goes on until the condition holds, or nothing is left to happen. */
  runUntil(isOver: () => boolean): Promise<void>;
  /** How many events have happened so far. */
  count(): number;
}

interface Event {
  readonly atMs: number;
  readonly seq: number;
  /** Undefined once it is cancelled. */
  happen: (() => void) | undefined;
  readonly subject: Subject | undefined;
}

/** A queue with nothing in it, at the moment 0. */
export function createVirtualTime(): VirtualTime {
  const queue: Event[] = [];
  let nowMs = 0;
  let seq = 0;
  let happened = 0;

  function after(ms: number, happen: () => void, subject?: Subject): () => void {
    seq += 1;
    const event: Event = { atMs: nowMs + Math.max(0, ms), seq, happen, subject };
    push(queue, event);
    return () => {
      event.happen = undefined;
    };
  }

  async function runUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const event = pop(queue);
      if (event === undefined) return;
      const { happen, subject } = event;
      if (happen === undefined || subject?.isAlive === false) continue;
      nowMs = Math.max(nowMs, event.atMs);
      if (subject?.isAsleep) {
        subject.held.push(() => push(queue, event));
        continue;
      }
      happened += 1;
      happen();
      await allSettled();
    }
  }

  return { nowMs: () => nowMs, after, runUntil, count: () => happened };
}

/** Resolves when every promise has settled that needs no further event. */
function allSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.seq < other.seq);
}

/** Adds to a binary heap. */
function push(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!isBefore(event, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = event;
}

/** Takes the first of a binary heap. */
function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let child = index * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
  return first;
}
