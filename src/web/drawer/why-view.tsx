/** Why a task stands where it stands: the rule, what was seen, and what led there. */
import { type ReactNode, useCallback } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import type { TaskDocument, WhyDocument } from '../api/task-document.ts';
import { useNow } from '../shell/use-board.ts';
import { clockTime } from '../state/words.ts';
import { isAbout, useDocument } from './use-document.ts';

const clockMs = 60_000;

/** The explanation. */
export function WhyView({ task }: { readonly task: TaskDocument }) {
  const nowMs = useNow(clockMs);
  const matters = useCallback((event: Recorded) => isAbout(task.id, new Set(), event), [task.id]);
  const { value: why, problem } = useDocument<WhyDocument>(`/why/${task.id}`, matters);
  if (why === undefined) return <p className="faint">{problem?.detail ?? 'Asking…'}</p>;
  return (
    <section className="why" aria-label="Why">
      <h3>{coded(why.headline)}</h3>
      <p>{coded(why.rule.text)}</p>
      {why.seen.length > 0 && (
        <ul>
          {why.seen.map(({ text, position }) => (
            <li key={text}>
              <bdi>{coded(text)}</bdi>{' '}
              {position !== null && <span className="id">#{position}</span>}
            </li>
          ))}
        </ul>
      )}
      {why.chain.length > 0 && (
        <ol className="chain">
          {why.chain.map(({ position, text, at }) => (
            <li key={position}>
              <span className="id">#{position}</span>
              <time>{clockTime(Date.parse(at), nowMs)}</time>
              <span>{coded(text)}</span>
            </li>
          ))}
        </ol>
      )}
      {[...why.prevention, ...why.unknown].map((text) => (
        <p key={text} className="more">
          {coded(text)}
        </p>
      ))}
    </section>
  );
}

/** What stands between backticks is to be typed as it is. */
function coded(text: string): ReactNode {
  return text.split('`').map((piece, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing but their place
    return index % 2 === 1 ? <code key={index}>{piece}</code> : piece;
  });
}
