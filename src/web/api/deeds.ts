/** What the page asks the server to do. */
import type { MoveName } from '../state/moves.ts';
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
  readonly forced?: boolean;
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
    link: (parentId: string, childId: string) => post(`/tasks/${childId}/parents`, { parentId }),
    unlink: (parentId: string, childId: string) =>
      ask<unknown>(`/tasks/${childId}/parents/${parentId}`, { method: 'DELETE' }),
    pause: (reason?: string) => post('/board/pause', reason ? { reason } : {}),
    resume: () => post('/board/resume'),
    move(
      name: MoveName,
      taskId: string,
      { text, revision, forced }: Saying,
    ): Promise<Answer<unknown>> {
      const path = `/tasks/${taskId}/${name}`;
      const said = text === undefined || text === '' ? {} : { [wordOf[name] ?? 'reason']: text };
      return post(path, forced ? { ...said, forced } : said, revision);
    },
  };
}

const wordOf: Readonly<Partial<Record<MoveName, string>>> = { complete: 'summary' };
