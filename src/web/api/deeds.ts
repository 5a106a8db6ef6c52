/** What the page asks the server to do. */
import type { MoveName } from '../../domain/task/moves.ts';
import type { Answer, Ask } from './client.ts';

/** A new task. */
export interface NewTask {
  readonly title: string;
  readonly body?: string;
  readonly assignee?: string;
  readonly priority?: number;
  readonly tenant?: string;
  readonly parents?: readonly string[];
  readonly triage?: true;
}

/** What is said with a move, and the revision it was made on. */
export interface Saying {
  readonly text?: string | undefined;
  readonly revision?: number | undefined;
  /** Past parents that are not done. */
  readonly force?: boolean;
}

/** Everything the page may ask to be done. */
export type Deeds = ReturnType<typeof createDeeds>;

/** The deeds, asked of the server. */
export function createDeeds(ask: Ask) {
  const post = (path: string, body: unknown = {}, revision?: number) =>
    ask<unknown>(path, { method: 'POST', body, revision });

  return {
    create: (task: NewTask) =>
      ask<{ readonly id: string }>('/tasks', { method: 'POST', body: task }),
    edit: (taskId: string, changes: unknown, revision: number) =>
      ask<unknown>(`/tasks/${taskId}`, { method: 'PATCH', body: changes, revision }),
    comment: (taskId: string, body: string) => post(`/tasks/${taskId}/comments`, { body }),
    link: (parentId: string, childId: string) =>
      ask<unknown>(`/tasks/${childId}/parents/${parentId}`, { method: 'PUT' }),
    unlink: (parentId: string, childId: string) =>
      ask<unknown>(`/tasks/${childId}/parents/${parentId}`, { method: 'DELETE' }),
    assign: (taskId: string, assignee: string | null, revision: number) =>
      post(`/tasks/${taskId}/assign`, { assignee }, revision),
    prioritize: (taskId: string, priority: number, revision: number) =>
      post(`/tasks/${taskId}/prioritize`, { priority }, revision),
    schedule: (taskId: string, notBefore: string | null, revision: number) =>
      post(`/tasks/${taskId}/schedule`, { notBefore }, revision),
    pause: () => post('/board/pause'),
    resume: () => post('/board/resume'),
    move(name: MoveName, taskId: string, saying: Saying): Promise<Answer<unknown>> {
      const { action, body } = sentFor(name, saying);
      return post(`/tasks/${taskId}/${action}`, body, saying.revision);
    },
    /** One deed on many tasks, in as many parts as the server takes them. */
    async moveAll(
      name: MoveName,
      ids: readonly string[],
      saying: Saying,
    ): Promise<Answer<BulkAnswer>> {
      const { action, body } = sentFor(name, saying);
      let value: BulkAnswer = { done: 0, results: [] };
      let position = 0;
      for (let from = 0; from < ids.length; from += bulkMax) {
        const sent = { action, with: body, ids: ids.slice(from, from + bulkMax) };
        const answer = await ask<BulkAnswer>('/tasks/bulk', { method: 'POST', body: sent });
        if (!answer.ok) return answer;
        value = added(value, answer.value);
        position = answer.position;
      }
      return { ok: true, value, position };
    },
    /** The tasks that match on the server; nothing is done to them. */
    matching: (filter: object): Promise<Answer<BulkAnswer>> =>
      ask('/tasks/bulk', { method: 'POST', body: { action: 'archive', filter, dryRun: true } }),
  };
}

/** What became of one deed on many tasks. */
export interface BulkAnswer {
  readonly done: number;
  readonly results: readonly {
    readonly id: string;
    readonly ok?: boolean;
    readonly error?: { readonly detail: string };
  }[];
}

/** Tasks of one request, at the most. */
const bulkMax = 1_000;

function added(one: BulkAnswer, other: BulkAnswer): BulkAnswer {
  return { done: one.done + other.done, results: [...one.results, ...other.results] };
}

/** The action that a deed is to the server, and its body. */
function sentFor(name: MoveName, { text, force }: Saying): { action: string; body: object } {
  const isSilent = text === undefined || text === '';
  const because = isSilent ? {} : { reason: text };
  switch (name) {
    case 'approve':
      return { action: 'review', body: { approve: true, ...because } };
    case 'reject':
      return { action: 'review', body: { approve: false, ...because } };
    case 'complete':
      return { action: name, body: isSilent ? {} : { summary: text } };
    case 'promote':
      return { action: name, body: force ? { force, ...because } : because };
    case 'specify':
      return { action: name, body: {} };
    default:
      return { action: name, body: because };
  }
}
