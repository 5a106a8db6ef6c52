/** The attempts at a task, the last one first. */
import { useState } from 'react';
import type { RunDocument, TaskDocument } from '../api/task-document.ts';
import { useNow } from '../shell/use-board.ts';
import { counted, span } from '../state/words.ts';
import { RunLog } from './run-log.tsx';

const clockMs = 1_000;

/** The runs. */
export function RunList({ task }: { readonly task: TaskDocument }) {
  const runs = task.runs.filter(({ kind }) => kind !== 'record').toReversed();
  if (runs.length === 0) return null;
  return (
    <section className="part">
      <h3>
        Runs <small>{runs.length}</small>
      </h3>
      <ul className="runs">
        {runs.map((run, index) => (
          <RunItem key={run.id} run={run} isFirst={index === 0} />
        ))}
      </ul>
    </section>
  );
}

function RunItem({ run, isFirst }: { readonly run: RunDocument; readonly isFirst: boolean }) {
  const [isOpen, setOpen] = useState(isFirst);
  const tone = run.outcome === null ? 'open' : (tones[run.outcome] ?? 'plain');
  return (
    <li>
      <button
        type="button"
        className="run-head"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={`outcome ${tone}`}>{run.outcome?.replaceAll('_', ' ') ?? 'running'}</span>
        <span>attempt {run.attempt}</span>
        <span className="faint">
          <Lasted run={run} />
        </span>
        <span className="gap" />
        <span className="id">{run.id}</span>
      </button>
      {isOpen && <RunDetails run={run} />}
    </li>
  );
}

const tones: Readonly<Record<string, string>> = {
  completed: 'good',
  crashed: 'bad',
  timed_out: 'bad',
  spawn_failed: 'bad',
  protocol_violated: 'bad',
  reclaimed: 'warn',
  stale: 'warn',
  rate_limited: 'warn',
  blocked: 'warn',
};

function Lasted({ run: { claimedAt, endedAt } }: { readonly run: RunDocument }) {
  const nowMs = useNow(clockMs);
  const endMs = endedAt === null ? nowMs : Date.parse(endedAt);
  return span(Math.max(0, endMs - Date.parse(claimedAt)));
}

function RunDetails({ run }: { readonly run: RunDocument }) {
  const words = [run.summary, run.error, run.reason].filter((text) => text !== null);
  const tokens = run.inputTokens + run.outputTokens;
  const facts = [
    `by ${run.claimedBy}`,
    run.pid === null ? '' : `process ${run.pid}`,
    counted(run.heartbeats.count, 'heartbeat'),
    tokens > 0 ? counted(tokens, 'token') : '',
    run.costUsd > 0 ? `$${run.costUsd.toFixed(2)}` : '',
    run.endedBy === null ? '' : `ended by ${run.endedBy.kind} ${run.endedBy.id}`,
  ];
  return (
    <div className="run-details">
      {words.map((text) => (
        <p key={text} className="said">
          {text}
        </p>
      ))}
      <p className="faint">{facts.filter(Boolean).join(', ')}</p>
      {run.evidence !== null && <Evidence evidence={run.evidence} />}
      <RunLog runId={run.id} isOpen={run.outcome === null} />
    </div>
  );
}

function Evidence({ evidence }: { readonly evidence: NonNullable<RunDocument['evidence']> }) {
  return (
    <details>
      <summary>Evidence</summary>
      <dl className="evidence">
        {Object.entries(evidence).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
