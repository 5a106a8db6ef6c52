/** Plays a shape on a board of its own, and tells what came of it. */
import { openBoardAt } from '../../src/main.ts';
import { monotonicMs } from '../bench/measure.ts';
import { createChance } from '../trial/chance.ts';
import type { DeedName } from './claim-model.ts';
import { createCrew } from './crew.ts';
import type { Measures } from './hand.ts';
import { type Deeds, openJournal, readJournals } from './journal.ts';
import { type LogFacts, readFacts } from './log-facts.ts';
import { createRecordedCommands } from './recorded-commands.ts';
import { rulesOf } from './rules.ts';
import type { Figures, Shape, Stage } from './shape.ts';
import { findProblems, isStaleWrite, staleAcceptances } from './verdict.ts';

/** What a shape is played with. */
export interface Setting {
  /** An empty directory, or one that does not exist yet. */
  readonly directory: string;
  /** The program `stress-process`, for Node to run. */
  readonly program: string;
  readonly seed: number;
  readonly measures: Measures;
}

/** What came of a shape. */
export interface Played {
  readonly shape: string;
  readonly seed: number;
  readonly measures: Measures;
  readonly figures: Figures;
  /** In words; none, if all is well. */
  readonly problems: readonly string[];
}

/** Plays a shape once. Rejects when one of its processes fails. */
export async function playShape(shape: Shape, setting: Setting): Promise<Played> {
  const { directory, program, seed, measures } = setting;
  const board = await openBoardAt(directory, { access: 'create', policy: rulesOf(measures) });
  const journal = openJournal(directory, 'stage');
  const crew = createCrew(program);
  const operator = board.as({ actor: { kind: 'system', id: 'stage' }, surface: 'sdk' });
  const stage: Stage = {
    board,
    measures,
    commands: createRecordedCommands(board, 'stage', journal),
    chance: createChance(seed),
    createTasks: (all) =>
      Promise.all(
        all.map(async (fields) => {
          const answer = await operator.create(fields);
          if (answer.refused) throw new Error(answer.message);
          return answer.taskId;
        }),
      ),
    muster: (...parts) => {
      const hands = parts.flatMap(({ count, ...part }) =>
        Array.from({ length: count }, (_, index) => ({ ...part, index })),
      );
      const orders = hands.map(({ role, index, taskIds }, place) => ({
        shape: shape.name,
        role,
        name: `${role}-${index + 1}`,
        directory,
        seed: seed * 1_000 + place + 1,
        measures,
        taskIds: taskIds?.(index) ?? [],
      }));
      return crew.muster(orders);
    },
  };
  try {
    const startedAtMs = monotonicMs();
    await shape.play(stage);
    const tookMs = monotonicMs() - startedAtMs;
    const deeds = readJournals(directory);
    const facts = await readFacts(board.log);
    const figures = { ...figuresOf(deeds, facts), seconds: Math.round(tookMs / 100) / 10 };
    const outcome = { measures, deeds, facts, figures };
    return {
      shape: shape.name,
      seed,
      measures,
      figures: { ...figures, ...shape.figures?.(outcome, tookMs) },
      problems: [
        ...(await findProblems(board, deeds, facts)),
        ...(shape.shortcomings?.(outcome) ?? []),
      ],
    };
  } finally {
    await crew.disband();
    journal.close();
    await board.close();
  }
}

function figuresOf(deeds: Deeds, facts: LogFacts): Figures {
  const accepted = (name: DeedName) => count(deeds, name, 'accepted');
  return {
    claims: accepted('claim'),
    claimsRefused:
      deeds.filter(({ operation: { name } }) => name === 'claim').length - accepted('claim'),
    claimsHeld: count(deeds, 'claim', 'held_until'),
    heartbeats: accepted('heartbeat'),
    completions: accepted('complete'),
    blocks: accepted('block'),
    releases: accepted('release'),
    reclaims: accepted('reclaim'),
    unblocks: accepted('unblock'),
    archives: accepted('archive'),
    halts: facts.halts,
    completionsStale: count(deeds, 'complete', 'stale_run'),
    completionsForeign: count(deeds, 'complete', 'token_invalid'),
    staleWrites: deeds.filter(({ operation }) => isStaleWrite(operation)).length,
    refusedEntries: facts.refusedEntries,
    staleAccepted: staleAcceptances(deeds, facts),
    deeds: deeds.length,
    events: facts.events,
  };
}

function count(deeds: Deeds, name: DeedName, answer: string): number {
  return deeds.filter(({ operation }) => operation.name === name && operation.answer === answer)
    .length;
}
