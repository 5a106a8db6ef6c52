/** Why a task or run stands where it stands: gathers the evidence, and lets the rules speak. */
import type { Refusal } from '../domain/refusal.ts';
import type { Start } from '../domain/why/chain.ts';
import type { ExplainedSubject, Explanation, Reason } from '../domain/why/explanation.ts';
import { refusedWrite } from '../domain/why/refused-writes.ts';
import { reasonOfRun } from '../domain/why/run.ts';
import { reasonOfTask } from '../domain/why/task.ts';
import type { Board } from './board-face.ts';
import { noSuchRun, noSuchTask } from './plans.ts';
import { type Gathering, readTaskFacts } from './why-facts.ts';
import { createStoryReader } from './why-stories.ts';

/** The part of a board that an answer is drawn from: of the present or of the past. */
export type ExplainedBoard = Pick<Board, 'log' | 'read' | 'nowMs' | 'probeDispatcher'>;

/** Refused writes that an answer names one by one. */
const refusalsMax = 5;

/** Why a task or run stands where it stands; refused for an id of nothing. */
export async function explain(board: ExplainedBoard, id: string): Promise<Explanation | Refusal> {
  const queries = await board.read();
  const reader = createStoryReader(board.log, queries);
  const { probeDispatcher } = board;
  const gathering = { queries, reader, nowMs: board.nowMs(), probeDispatcher };
  return id.startsWith('R-') ? explainRun(gathering, id) : explainTask(gathering, id);
}

async function explainRun(gathering: Gathering, runId: string): Promise<Explanation | Refusal> {
  const { queries, reader, nowMs } = gathering;
  const row = queries.run(runId);
  if (row === undefined) return noSuchRun(runId);
  const { taskId, outcome } = row;
  const run = await reader.run(runId);
  const story = await reader.task(taskId);
  const reason = reasonOfRun({ run, story, nowMs });
  const subject = { kind: 'run', id: runId, taskId, outcome } as const;
  return answer(gathering, { subject, reason, start: { taskId, runId } });
}

async function explainTask(gathering: Gathering, taskId: string): Promise<Explanation | Refusal> {
  const { queries, nowMs } = gathering;
  const row = queries.task(taskId, nowMs);
  if (row === undefined) return noSuchTask(taskId);
  const reason = reasonOfTask(await readTaskFacts(gathering, row));
  const subject = { kind: 'task', id: taskId, status: row.status } as const;
  return answer(gathering, { subject, reason, start: { taskId } });
}

async function answer(
  { queries, reader }: Gathering,
  found: { subject: ExplainedSubject; reason: Reason; start: Start },
): Promise<Explanation> {
  const { subject, reason, start } = found;
  const { links: chain, more } = await reader.chain(start);
  const { kind, id } = subject;
  const entries = queries.refused(kind === 'run' ? { runId: id } : { taskId: id });
  const refusals = entries.slice(-refusalsMax).map(refusedWrite);
  const refusalsMore = entries.length - refusals.length;
  return { refused: false, subject, ...reason, chain, more, refusals, refusalsMore };
}
