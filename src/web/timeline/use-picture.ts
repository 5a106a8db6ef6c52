/** The lives of tasks: read once, and again for those that something happened to. */
import { useEffect, useRef, useState } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import type { Life } from '../../gantt/rows.mjs';
import type { Problem } from '../api/client.ts';
import { livesOf, type PictureDocument } from '../api/picture-document.ts';
import { useParts } from '../shell/page-context.ts';
import { changedBy, changedByClock } from '../state/lives.ts';

/** Events that come together are one reason to read. */
const gatherMs = 400;
/** How often the clock is asked what it has changed. */
const clockMs = 1_000;
/** More changed tasks than this are read with all the others. */
const apartMax = 60;

/** What was read. */
export interface Read {
  readonly picture: PictureDocument | undefined;
  readonly problem: Problem | undefined;
}

/** The picture that a query asks for, kept up to date. */
export function usePicture(query: string): Read {
  const { ask, live, nowMs, canWrite } = useParts();
  const [read, setRead] = useState<Read>({ picture: undefined, problem: undefined });
  const current = useRef(read.picture);

  useEffect(() => {
    const changed = new Set<string>();
    let isWhole = true;
    let isClosed = false;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function refresh(): Promise<void> {
      const ids = isWhole || changed.size > apartMax ? undefined : [...changed];
      changed.clear();
      isWhole = false;
      const path = ids === undefined ? `/picture?${query}` : `/picture?tasks=${ids.join(',')}`;
      const answer = await ask<PictureDocument>(path);
      timer = undefined;
      if (isClosed) return;
      if (!answer.ok) return setRead(({ picture }) => ({ picture, problem: answer.problem }));
      const picture = ids === undefined ? answer.value : merged(current.current, answer.value);
      current.current = picture;
      setRead({ picture, problem: undefined });
      if (isWhole || changed.size > 0) soon();
    }

    function soon(): void {
      timer ??= setTimeout(() => void refresh(), gatherMs);
    }

    function hear(event: Recorded): void {
      const ids = changedBy(event, livesNow(), live.fold());
      if (ids === undefined) isWhole = true;
      for (const id of ids ?? []) changed.add(id);
      if (isWhole || changed.size > 0) soon();
    }

    /** Events are many, pictures are few. */
    let drawn: { readonly of: PictureDocument; readonly lives: readonly Life[] } | undefined;
    function livesNow(): readonly Life[] {
      const of = current.current;
      if (of === undefined) return [];
      if (drawn?.of !== of) drawn = { of, lives: livesOf(of) };
      return drawn.lives;
    }

    function look(): void {
      for (const id of changedByClock(livesNow(), live.fold(), nowMs())) changed.add(id);
      if (changed.size > 0) soon();
    }

    void refresh();
    const stop = live.listen(hear);
    const clock = canWrite ? setInterval(look, clockMs) : undefined;
    return () => {
      isClosed = true;
      stop();
      clearTimeout(timer);
      clearInterval(clock);
    };
  }, [ask, live, nowMs, canWrite, query]);

  return read;
}

/** Those that were read anew in their old places, and new ones at the end. */
function merged(before: PictureDocument | undefined, after: PictureDocument): PictureDocument {
  if (before === undefined) return after;
  const anew = new Map(after.tasks.map((task) => [task.taskId, task]));
  const known = before.tasks.map((task) => anew.get(task.taskId) ?? task);
  const ids = new Set(before.tasks.map(({ taskId }) => taskId));
  const added = after.tasks.filter(({ taskId }) => !ids.has(taskId));
  return { ...before, nowMs: after.nowMs, tasks: [...known, ...added] };
}
