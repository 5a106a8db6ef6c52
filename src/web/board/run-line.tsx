/** How the open run of a card goes: what is left of its lease, what its worker last said. */
import type { RunRecord } from '../../domain/run/record.ts';
import { Bar } from '../parts/bar.tsx';
import { leaseOf } from '../state/lease.ts';
import { shortSpan, span } from '../state/words.ts';

/** The line of an open run. */
export function RunLine({ run, nowMs }: { readonly run: RunRecord; readonly nowMs: number }) {
  const lease = leaseOf(run, nowMs);
  const silent = `silent for ${span(Math.max(0, nowMs - lease.lastSignAtMs))}`;
  const left = lease.leftMs > 0 ? `lease over in ${span(lease.leftMs)}` : 'lease over';
  const { note, progress } = run.run;
  return (
    <div className="run" title={`${silent}, ${left}`}>
      <Bar share={lease.share} look={lease.state} />
      <p>
        <span className="note">
          {note ?? (run.run.startedAtMs === null ? 'launching' : 'at work')}
        </span>
        {progress !== null && <span>{Math.round(progress * 100)}%</span>}
        <span className="unseen">{left}, last sign</span>
        <span className={`sign ${lease.state}`}>
          {shortSpan(Math.max(0, nowMs - lease.lastSignAtMs))}
        </span>
      </p>
    </div>
  );
}
