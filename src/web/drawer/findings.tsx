/** What is wrong with a task, and what helps. */
import { useCallback } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import type { FindingDocument, TaskDocument } from '../api/task-document.ts';
import { icons } from '../parts/icons.tsx';
import { isAbout, useDocument } from './use-document.ts';

/** The findings; none are shown when nothing is wrong. */
export function Findings({ task }: { readonly task: TaskDocument }) {
  const matters = useCallback((event: Recorded) => isAbout(task.id, new Set(), event), [task.id]);
  const path = `/diagnostics?tasks=${task.id}`;
  const { value } = useDocument<{ readonly findings: readonly FindingDocument[] }>(path, matters);
  if (value === undefined || value.findings.length === 0) return null;
  return (
    <ul className="findings" aria-label="What is wrong">
      {value.findings.map(({ kind, severity, title, detail, actions }) => (
        <li key={kind} className={severity}>
          {icons.warning}
          <div>
            <strong>{title}</strong>
            <p>{detail}</p>
            {actions.map(({ command, why }) => (
              <p key={command} className="action">
                <code>{command}</code> <small>{why}</small>
              </p>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
