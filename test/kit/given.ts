/**
 * Specifications of deciders: given these events, when this is asked, then that happens.
 *
 * Two habits are built in, so that no test can forget them. Every accepted command is repeated on
 * the state it led to and must then find its work done or be refused: agents and networks retry.
 * And every state is frozen, so a fold or a decision that changes its input fails at once.
 */
import { expect } from 'vitest';
import type { FoldMeta } from '../../src/domain/event.ts';
import type { Decision, Refusal, RefusalCode } from '../../src/domain/refusal.ts';
import type { RunCommand } from '../../src/domain/run/commands.ts';
import { decideRun } from '../../src/domain/run/decide.ts';
import type { RunEvent } from '../../src/domain/run/events.ts';
import { type EndedRun, evolveRun, type OpenRun } from '../../src/domain/run/state.ts';
import type { TaskCommand } from '../../src/domain/task/commands.ts';
import { decideTask } from '../../src/domain/task/decide.ts';
import type { TaskEvent } from '../../src/domain/task/events.ts';
import { evolveTask, type Task } from '../../src/domain/task/state.ts';
import { deepFreeze } from './deep-freeze.ts';

/** When the events of a specification happen, unless it says otherwise; UTC ms. */
export const storyAtMs = Date.UTC(2026, 4, 1, 8);

/** An event, and when and by whom where that matters. */
export type Told<E> = E & { readonly meta?: FoldMeta };

/** The same event at another time, or by another hand. */
export function at<E>(atMs: number, event: E, actor: FoldMeta['actor'] = ada): Told<E> {
  return { ...event, meta: { at: atMs, actor } };
}

interface Decider<S, C, E> {
  readonly decide: (state: S, command: C) => Decision<E>;
  readonly evolve: (state: S, event: E, meta: FoldMeta) => S;
}

/** How a command may be told. */
export interface Manner {
  /** The command may be given twice and means something each time, like a beat with news. */
  readonly repeatable?: boolean;
  /** By whom; default ada, a person. */
  readonly by?: FoldMeta['actor'];
}

/** The three answers a specification can expect; `state` is where an accepted command leads. */
export interface Outcome<S, E> {
  then(...events: readonly E[]): S;
  thenNothing(): S;
  /** Returns the sentence that goes with the refusal. */
  thenRefused(code: RefusalCode, facts?: Readonly<Record<string, unknown>>): string;
}

/** What has happened so far, and what is asked next. */
export interface Story<S, C, E> {
  /** The state these events lead to. */
  readonly state: S;
  when(command: C, manner?: Manner): Outcome<S, E>;
}

/** Specifications of tasks. */
export const givenTask = tellerOf<Task, TaskCommand, TaskEvent>({
  decide: decideTask,
  evolve: evolveTask,
});

/** Specifications of runs. */
export const givenRun = tellerOf<OpenRun | EndedRun, RunCommand, RunEvent>({
  decide: decideRun,
  evolve: evolveRun,
});

const ada = { kind: 'human', id: 'ada' } as const;

function tellerOf<S, C, E extends { readonly type: string }>(
  decider: Decider<S | undefined, C, E>,
) {
  return (...events: readonly Told<E>[]): Story<S | undefined, C, E> => {
    const state = fold(decider, undefined, events);
    return { state, when: (command, manner = {}) => judge(decider, { state, command, manner }) };
  };
}

function judge<S, C, E extends { readonly type: string }>(
  decider: Decider<S, C, E>,
  { state, command, manner }: { state: S; command: C; manner: Manner },
): Outcome<S, E> {
  const decision = decider.decide(state, deepFreeze(command));
  const isNothing = !decision.refused && decision.events.length === 0;
  const { by = ada } = manner;
  const events = decision.refused ? [] : decision.events.map((event) => at(storyAtMs, event, by));
  const after = fold(decider, state, events);
  if (!decision.refused && !isNothing && manner.repeatable !== true) {
    expectRepeatChangesNothing(decider.decide(after, command));
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: it reads as a sentence, and nobody awaits it
    then(...events) {
      expect(decision).toEqual({ refused: false, events });
      return after;
    },
    thenNothing() {
      expect(decision).toEqual({ refused: false, events: [] });
      return after;
    },
    thenRefused(code, facts = {}) {
      expect(decision).toMatchObject({ refused: true, code, facts });
      return helpfulMessage(decision as Refusal);
    },
  };
}

function fold<S, E extends object>(
  decider: Decider<S, never, E>,
  from: S,
  events: readonly Told<E>[],
): S {
  let state = from;
  for (const { meta = { at: storyAtMs, actor: ada }, ...event } of deepFreeze(events)) {
    state = deepFreeze(decider.evolve(state, event as E, meta));
  }
  return state;
}

function expectRepeatChangesNothing(repeat: Decision<unknown>): void {
  const changes = repeat.refused ? [] : repeat.events;
  expect(changes, 'the same command, repeated, must change nothing').toEqual([]);
}

/** A refusal says what was found and what to do next, each as a sentence. */
function helpfulMessage({ message, hint }: Refusal): string {
  expect(message).toMatch(/^[A-Z].*\.$/);
  expect(hint).toMatch(/^[A-Z].*\.$/);
  return message;
}
