/** What another policy would have meant for the runs of a range: a form, and a table of figures. */
import { type ChangeEvent, type FormEvent, useState } from 'react';
import type { TriedKey } from '../../domain/what-if/trial.ts';
import type { Span } from '../../gantt/view.mjs';
import { useParts } from '../shell/page-context.ts';
import {
  axesOf,
  columnWords,
  judgedRows,
  type Typed,
  triedMeanings,
  triedWords,
  type WhatIfDocument,
} from '../state/what-if.ts';
import { counted } from '../state/words.ts';

/** More policies than these nobody compares by eye. */
const othersMax = 12;
const keys = Object.keys(triedWords) as readonly TriedKey[];

/** The panel; it begins anew with each range. */
export function WhatIfPanel({ range }: { readonly range: Span }) {
  const { ask } = useParts();
  const [typed, setTyped] = useState<Typed>({});
  const [answer, setAnswer] = useState<WhatIfDocument>();
  const [says, setSays] = useState('');

  async function judge(event: FormEvent): Promise<void> {
    event.preventDefault();
    const asked = axesOf(typed);
    if (typeof asked === 'string') return setSays(asked);
    setSays('Judging every run…');
    const iso = (atMs: number) => new Date(Math.round(atMs)).toISOString();
    const body = { ...asked, from: iso(range.fromAtMs), to: iso(range.toAtMs) };
    const found = await ask<WhatIfDocument>('/whatif', { method: 'POST', body });
    setAnswer(found.ok ? found.value : undefined);
    setSays(found.ok ? summaryOf(found.value) : `${found.problem.detail} ${found.problem.hint}`);
  }

  return (
    <details className="what-if">
      <summary>What if the policy had been another?</summary>
      <form onSubmit={(event) => void judge(event)}>
        {keys.map((key) => (
          <label key={key}>
            <span>
              {triedMeanings[key]} <small>{triedWords[key]}</small>
            </span>
            <input
              value={typed[key] ?? ''}
              placeholder={placeholders[key]}
              onChange={({ target }: ChangeEvent<HTMLInputElement>) =>
                setTyped({ ...typed, [key]: target.value })
              }
            />
          </label>
        ))}
        <button type="submit" className="primary">
          Judge
        </button>
      </form>
      <p role="status">{says}</p>
      {answer !== undefined && answer.runs > 0 && <Judged answer={answer} />}
    </details>
  );
}

/** Several values make a policy of every combination. */
const placeholders: Readonly<Partial<Record<TriedKey, string>>> = {
  claimTtlMs: '30s, 5m, 30m',
  crashGraceMs: '0, 30s',
};

function summaryOf({ runs, policies }: WhatIfDocument): string {
  if (runs === 0) return 'No run was claimed in this range, so there is nothing to judge.';
  const judges = counted(policies.length, 'policy', 'policies');
  return `${counted(runs, 'run')}, each judged by ${judges}`;
}

function Judged({ answer }: { readonly answer: WhatIfDocument }) {
  const rows = judgedRows(answer, othersMax);
  const more = answer.policies.length - rows.length;
  return (
    <>
      <table>
        <thead>
          <tr>
            {columnWords.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cells: [policy, ...figures], isInForce, isBest }) => (
            <tr key={policy} className={isBest ? 'best' : undefined}>
              <th scope="row">
                {policy}
                {isInForce && <small> in force</small>}
                {isBest && <small> best</small>}
              </th>
              {figures.map((figure, index) => (
                <td key={columnWords[index + 1]}>{figure}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="faint">{more} that cost more are left out.</p>}
      {answer.best?.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      <details>
        <summary>What this does not know</summary>
        <ul>
          {answer.unknown.map(({ says }) => (
            <li key={says}>{says}</li>
          ))}
        </ul>
      </details>
    </>
  );
}
