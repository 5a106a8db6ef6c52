/**
 * What must hold however the processes of a shape met: the invariants of the log and of the tables,
 * a history that some order of its deeds explains, and a log that keeps the word it gave.
 */
import type { Board } from '../../src/app/board.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { refusalsPerRunMax } from '../../src/domain/refused/events.ts';
import { brokenInvariants } from '../trial/broken-invariants.ts';
import { type Answered, createClaimModel, type DeedName } from './claim-model.ts';
import type { Deeds } from './journal.ts';
import { findUnexplained } from './linearize.ts';
import type { LogFacts } from './log-facts.ts';

/** Everything that is not as it must be, in words. */
export async function findProblems(
  board: Board,
  deeds: Deeds,
  facts: LogFacts,
): Promise<readonly string[]> {
  return [
    ...(await brokenInvariants(board)),
    ...claimsBeforeTheirTime(facts),
    ...deeds.flatMap(({ operation }) => brokenWord(operation, facts)),
    ...refusalsWithoutEntry(deeds, facts),
    ...unexplained(deeds, board.policy()),
  ];
}

/** Completions that were accepted, but are not the one end of the run that was written to. */
export function staleAcceptances(deeds: Deeds, facts: LogFacts): number {
  return deeds.filter(({ operation }) => {
    const isCompletion = operation.name === 'complete' && operation.answer === 'accepted';
    const isByAnother = operation.tokenOf !== operation.runId;
    return isCompletion && (isByAnother || brokenWord(operation, facts).length > 0);
  }).length;
}

/** Whether a worker wrote to a run that was over, or not its own, and was told so. */
export function isStaleWrite({ name, answer }: Answered): boolean {
  return name !== 'reclaim' && (answer === 'stale_run' || answer === 'token_invalid');
}

const endings: Readonly<Partial<Record<DeedName, string>>> = {
  complete: 'RunCompleted',
  block: 'RunBlocked',
  release: 'RunReleased',
  reclaim: 'RunReclaimed',
};

/** What was accepted is in the log, and nothing else is in its place. */
function brokenWord(deed: Answered, facts: LogFacts): readonly string[] {
  const { name, answer, taskId, runId = '' } = deed;
  if (answer !== 'accepted') return [];
  if (name === 'claim' && facts.claimedBy.get(runId) !== taskId) {
    return [`the claim of ${taskId} by ${runId} was accepted and is not in the log`];
  }
  const found = facts.endings.get(runId) ?? [];
  const ending = endings[name];
  if (ending === undefined || (found.length === 1 && found[0] === ending)) return [];
  return [`${name} of ${runId} was accepted, and the log has ${found.join(', ') || 'no end'}`];
}

/** No task is claimed before what it waits for is done. */
function claimsBeforeTheirTime({ parents, firstClaims, doneAt }: LogFacts): readonly string[] {
  return [...parents].flatMap(([taskId, parentIds]) => {
    const claimedAt = firstClaims.get(taskId) ?? Number.POSITIVE_INFINITY;
    const open = parentIds.filter((id) => (doneAt.get(id) ?? claimedAt) >= claimedAt);
    return claimedAt === Number.POSITIVE_INFINITY
      ? []
      : open.map((id) => `${taskId} was claimed before ${id} was done`);
  });
}

function refusalsWithoutEntry(deeds: Deeds, { refusedEntries }: LogFacts): readonly string[] {
  const counts = new Map<string, number>();
  for (const { operation } of deeds) {
    const { runId = '' } = operation;
    if (isStaleWrite(operation)) counts.set(runId, (counts.get(runId) ?? 0) + 1);
  }
  // After so many of one run comes a summary, and then nothing.
  const entries = [...counts.values()].map((count) => Math.min(count, refusalsPerRunMax + 1));
  const expected = entries.reduce((sum, count) => sum + count, 0);
  if (expected === refusedEntries) return [];
  return [`${expected} refusals should have left an entry, and ${refusedEntries} did`];
}

function unexplained(deeds: Deeds, rules: Policy): readonly string[] {
  const claimModel = createClaimModel(rules);
  return [...byTask(deeds)].flatMap(([taskId, history]) => {
    const found = findUnexplained(claimModel, history);
    if (found === undefined) return [];
    const { name, runId = 'nobody', answer } = found.operation;
    return [
      `no order of what was done to ${taskId} explains why ${name} by ${runId} was ${answer}`,
    ];
  });
}

function byTask(deeds: Deeds): ReadonlyMap<string, Deeds> {
  const histories = new Map<string, Deeds[number][]>();
  for (const deed of deeds) {
    const { taskId } = deed.operation;
    const history = histories.get(taskId);
    if (history === undefined) histories.set(taskId, [deed]);
    else history.push(deed);
  }
  return histories;
}
