/** Shows messages for a while; screen readers say them when they are not busy. */
import { useSyncExternalStore } from 'react';
import { useParts } from '../shell/page-context.ts';
import { icons } from './icons.tsx';

/** The messages of the moment. */
export function NoticeList() {
  const { notices } = useParts();
  const list = useSyncExternalStore(notices.subscribe, notices.list);
  return (
    <section className="notices" aria-live="polite" aria-label="Messages">
      {list.map(({ id, tone, text, hint }) => (
        <div key={id} className={`notice ${tone}`}>
          {tone === 'bad' ? icons.warning : icons.check}
          <p>
            {text}
            {hint !== null && <small>{hint}</small>}
          </p>
          <button
            type="button"
            className="quiet"
            aria-label="Dismiss"
            onClick={() => notices.dismiss(id)}
          >
            {icons.close}
          </button>
        </div>
      ))}
    </section>
  );
}
