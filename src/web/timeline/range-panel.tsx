/** What happened within a range of the timeline, and a file of it to hand on. */
import { markLooks, segmentLooks } from '../../gantt/looks.mjs';
import type { Life } from '../../gantt/rows.mjs';
import { durationText, localOffsetMs, momentText } from '../../gantt/ticks.mjs';
import type { Span } from '../../gantt/view.mjs';
import { type Percentiles, rangeFacts } from '../state/range-facts.ts';
import { WhatIfPanel } from './what-if-panel.tsx';

interface RangeProps {
  readonly lives: readonly Life[];
  readonly range: Span;
  readonly onClear: () => void;
}

/** Nobody asks how long tasks have been over. */
const over = new Set(['done', 'archived', 'tombstoned']);

/** The panel. */
export function RangePanel({ lives, range, onClear }: RangeProps) {
  const facts = rangeFacts(lives, range);
  const figures: readonly (readonly [string, string | number])[] = [
    ['runs', facts.runs],
    ['most at once', facts.mostRuns],
    ['tasks done', facts.done],
    ['time to claim', spread(facts.claimMs)],
    ['claim to done', spread(facts.cycleMs)],
    ...[...facts.marks].map(([kind, count]) => [markLooks[kind]?.word ?? kind, count] as const),
    ...[...facts.spentMs]
      .filter(([kind]) => !over.has(kind))
      .map(([kind, ms]) => [segmentLooks[kind]?.word ?? kind, durationText(ms)] as const),
  ];
  const iso = (atMs: number) => new Date(Math.round(atMs)).toISOString();
  const file = `/api/v1/incident?from=${iso(range.fromAtMs)}&to=${iso(range.toAtMs)}`;
  return (
    <section className="panel" aria-label="The chosen range">
      <h2>
        {moment(range.fromAtMs)} to {moment(range.toAtMs)}
        <small> {durationText(range.toAtMs - range.fromAtMs)}</small>
      </h2>
      <dl>
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <p className="deeds">
        <a className="button" href={file} download>
          Save as incident
        </a>
        <button type="button" onClick={onClear}>
          Clear
        </button>
      </p>
      <WhatIfPanel key={`${range.fromAtMs} ${range.toAtMs}`} range={range} />
    </section>
  );
}

function spread(value: Percentiles | undefined): string {
  if (value === undefined) return 'none';
  return `p50 ${durationText(value.p50)}, p95 ${durationText(value.p95)}`;
}

function moment(atMs: number): string {
  return momentText(Math.round(atMs), localOffsetMs);
}
