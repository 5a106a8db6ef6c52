/** A small dialog that asks for a reason, a summary, or just once more. */
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';

/** What is asked. */
export interface Question {
  readonly title: string;
  /** What the words are; without it there is only yes or no. */
  readonly label?: string;
  readonly isNeeded?: boolean;
  readonly confirm: string;
  readonly isGrave?: boolean;
}

/** Asks; resolves with the words, or with undefined when nothing is to happen. */
export type AskWords = (question: Question) => Promise<string | undefined>;

const AskWordsContext = createContext<AskWords>(() => Promise.resolve(undefined));

/** How to ask. */
export function useAskWords(): AskWords {
  return useContext(AskWordsContext);
}

interface Asked {
  readonly question: Question;
  readonly answer: (words: string | undefined) => void;
}

/** Lets everything below it ask. */
export function AskWordsProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const [ask] = useState<AskWords>(() => (question: Question) => {
    return new Promise<string | undefined>((resolve) => {
      const answer = (words: string | undefined) => {
        setAsked(undefined);
        resolve(words);
      };
      setAsked({ question, answer });
    });
  });
  return (
    <AskWordsContext value={ask}>
      {children}
      {asked && <Dialog key={asked.question.title} {...asked} />}
    </AskWordsContext>
  );
}

function Dialog({ question, answer }: Asked) {
  const { title, label, isNeeded = false, confirm, isGrave = false } = question;
  const [words, setWords] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const isEmpty = words.trim() === '';

  function submit(): void {
    if (!(isNeeded && isEmpty)) answer(words.trim());
  }

  return (
    <dialog ref={dialog} className="ask" aria-label={title} onClose={() => answer(undefined)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2>{title}</h2>
        {label !== undefined && (
          <label>
            {label}
            <textarea
              rows={3}
              value={words}
              required={isNeeded}
              onChange={({ target }) => setWords(target.value)}
              onKeyDown={(event) => {
                const isDone = event.key === 'Enter' && (event.metaKey || event.ctrlKey);
                if (isDone) submit();
              }}
            />
          </label>
        )}
        <p className="buttons">
          <button type="button" onClick={() => answer(undefined)}>
            Cancel
          </button>
          <button type="submit" className={isGrave ? 'grave' : 'primary'}>
            {confirm}
          </button>
        </p>
      </form>
    </dialog>
  );
}
