/** Documents about one task, read again when something happened to it. */
import { useCallback, useEffect, useState } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import { streamCategory, streamId } from '../../domain/streams.ts';
import type { Problem } from '../api/client.ts';
import { useParts } from '../shell/page-context.ts';

/** Events that come together are one reason to read again. */
const gatherMs = 120;

/** What was read, and what went wrong. */
export interface Read<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly again: () => void;
}

/** Reads a document, and again after every event that `matters`. */
export function useDocument<T>(path: string, matters: (event: Recorded) => boolean): Read<T> {
  const { ask, live } = useParts();
  const [read, setRead] = useState<Pick<Read<T>, 'value' | 'problem'>>(nothing);
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn reads once more
  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    void ask<T>(path, { signal }).then((answer) => {
      if (signal.aborted) return;
      if (answer.ok) setRead({ value: answer.value, problem: undefined });
      else setRead((before) => ({ ...before, problem: answer.problem }));
    });
    return () => control.abort();
  }, [ask, path, turn]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = live.listen((event) => {
      if (!matters(event)) return;
      clearTimeout(timer);
      timer = setTimeout(again, gatherMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live, matters, again]);

  return { ...read, again };
}

const nothing = { value: undefined, problem: undefined };

/** Whether an event is about a task, about one of its runs, or a comment on it. */
export function isAbout(taskId: string, runIds: ReadonlySet<string>, event: Recorded): boolean {
  const id = streamId(event.stream);
  if (streamCategory(event.stream) !== 'run') return id === taskId;
  if (event.type === 'HeartbeatRecorded') return false;
  return event.type === 'RunOpened' ? event.data.taskId === taskId : runIds.has(id);
}
