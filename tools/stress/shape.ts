/** A shape of load: what several processes do to one board, and what has to come of it. */
import type { Board } from '../../src/app/board.ts';
import type { NewTask } from '../../src/app/create-task.ts';
import type { Chance } from '../trial/chance.ts';
import type { Shipmate } from './crew.ts';
import type { Hand, Measures } from './hand.ts';
import type { Deeds } from './journal.ts';
import type { LogFacts } from './log-facts.ts';
import type { RecordedCommands } from './recorded-commands.ts';

/** Figures by their name. */
export type Figures = Readonly<Record<string, number>>;

/** What came of a shape: what its processes were told, and what the log says. */
export interface Outcome {
  readonly measures: Measures;
  readonly deeds: Deeds;
  readonly facts: LogFacts;
  readonly figures: Figures;
}

/** A role, how many processes have it, and the tasks each of them is given. */
export interface Part {
  readonly role: string;
  readonly count: number;
  readonly taskIds?: (index: number) => readonly string[];
}

/** The process that plays a shape: its own board, and the others. */
export interface Stage {
  readonly board: Board;
  readonly commands: RecordedCommands;
  readonly chance: Chance;
  readonly measures: Measures;
  /** Creates tasks, and answers their ids. */
  createTasks(fields: readonly NewTask[]): Promise<readonly string[]>;
  /** Starts processes, which all begin at the same moment. */
  muster(...parts: readonly Part[]): Promise<readonly Shipmate[]>;
}

/** A shape. */
export interface Shape {
  readonly name: string;
  readonly about: string;
  /** How large it is unless it is asked for in another size. */
  readonly full: Measures;
  /** Prepares the board, starts the processes, and waits for their end. */
  play(stage: Stage): Promise<void>;
  /** What one of the processes does. */
  work(hand: Hand): Promise<void>;
  /** What has to come of it, besides what must hold whatever happens: answers what is missing. */
  shortcomings?(outcome: Outcome): readonly string[];
  /** Figures of its own, after it took `tookMs`. */
  figures?(outcome: Outcome, tookMs: number): Figures;
}

/** As many plain tasks. */
export function plainTasks(count: number): readonly NewTask[] {
  return Array.from({ length: count }, (_, index) => ({ title: `task ${index}` }));
}

/** Waits until those who work have ended, then dismisses those who serve them. */
export async function seeOut(
  workers: readonly Shipmate[],
  servants: readonly Shipmate[] = [],
): Promise<void> {
  await Promise.all(workers.map(({ ended }) => ended));
  for (const servant of servants) servant.dismiss();
  await Promise.all(servants.map(({ ended }) => ended));
}
