/**
 * The end of what a worker printed; while it works, what it prints now. When a line was printed is
 * not recorded, so a run that was open at a moment of the past shows its log as it is today.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useParts } from '../shell/page-context.ts';
import { piecesOf } from '../state/ansi.ts';
import { logLinesMax, useLog } from './use-log.ts';

/** The log of a run. */
export function RunLog({ runId, isOpen }: { readonly runId: string; readonly isOpen: boolean }) {
  const { canWrite } = useParts();
  const isLive = isOpen && canWrite;
  const { log, problem } = useLog(runId, isLive);
  const [isWrapped, setWrapped] = useState(true);
  const [words, setWords] = useState('');
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const pieces = useMemo(() => piecesOf(chosenLines(log?.text ?? '', words)), [log, words]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new is at the end
  useEffect(() => {
    const { current } = box;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [pieces]);

  if (log === undefined) return <p className="faint">{problem?.detail ?? 'Reading the log…'}</p>;
  if (log.text === '') return <p className="faint">Nothing was printed{isLive && ' yet'}.</p>;
  return (
    <div className="log">
      <p>
        <span className="faint">
          {isLive && <span className="dot" aria-hidden="true" />}
          {isLive ? 'Log, live' : isOpen ? ofToday : 'Log'}
          {log.cut && `, last ${logLinesMax} lines`}
        </span>
        <span className="gap" />
        <input
          type="search"
          aria-label="Show only lines with"
          placeholder="lines with"
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
        <button
          type="button"
          className="quiet small"
          aria-pressed={isWrapped}
          onClick={() => setWrapped(!isWrapped)}
        >
          wrap
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section tabIndex={0} aria-label={`Log of ${runId}`}>
        <pre
          ref={box}
          className={isWrapped ? 'wrapped' : ''}
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8;
          }}
        >
          {pieces.map(({ text, look }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have nothing but their place
            <span key={index} className={look}>
              {text}
            </span>
          ))}
        </pre>
      </section>
    </div>
  );
}

const ofToday = 'Log as it is today; the past of a log file is not kept';

function chosenLines(text: string, words: string): string {
  if (words === '') return text;
  const wanted = words.toLowerCase();
  return text
    .split('\n')
    .filter((line) => line.toLowerCase().includes(wanted))
    .join('\n');
}
