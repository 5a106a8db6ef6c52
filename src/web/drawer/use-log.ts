/** What a run has printed: read once when it is over, and as it comes while it works. */
import { useEffect, useState } from 'react';
import type { Problem } from '../api/client.ts';
import { useParts } from '../shell/page-context.ts';

/** Lines that are shown. */
export const logLinesMax = 400;

const retryAfterMs = 500;

/** The end of a log. */
export interface LogTail {
  readonly text: string;
  /** Whether there was more before it. */
  readonly cut: boolean;
}

/** The log of a run, as far as it goes. */
export function useLog(
  runId: string,
  isLive: boolean,
): { readonly log: LogTail | undefined; readonly problem: Problem | undefined } {
  const { ask } = useParts();
  const [log, setLog] = useState<LogTail>();
  const [problem, setProblem] = useState<Problem>();

  useEffect(() => {
    const path = `/runs/${runId}/log`;
    if (isLive) return follow(`/api/v1${path}/stream?tail=${logLinesMax}`, setLog);
    const control = new AbortController();
    const { signal } = control;
    void ask<LogTail>(`${path}?tail=${logLinesMax}`, { signal }).then((answer) => {
      if (signal.aborted) return;
      if (answer.ok) setLog(answer.value);
      else setProblem(answer.problem);
    });
    return () => control.abort();
  }, [ask, runId, isLive]);

  return { log, problem };
}

type Change = (after: (before: LogTail | undefined) => LogTail) => void;

/** Adds what comes; a connection that was lost begins again with the last lines. */
function follow(url: string, change: Change): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    source = new EventSource(url);
    source.onopen = () => change(() => ({ text: '', cut: false }));
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const { text } = JSON.parse(data) as { readonly text: string };
      change((before) => lastLines((before?.text ?? '') + text, before?.cut ?? false));
    };
    source.addEventListener('end', () => source.close());
    // A run that was only just opened has no log yet, and then the browser does not try again.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, retryAfterMs);
    };
  }

  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}

function lastLines(text: string, cut: boolean): LogTail {
  const lines = text.split('\n');
  const excess = lines.length - 1 - logLinesMax;
  return excess > 0 ? { text: lines.slice(excess).join('\n'), cut: true } : { text, cut };
}
