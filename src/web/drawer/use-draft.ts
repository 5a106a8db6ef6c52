/**
 * A text that is being written. While one writes, others may change what stands there; the revision
 * of the task does not tell, since the page reads it anew with every event. So a draft remembers
 * what it began with, and nobody's words are replaced before they were shown.
 */
import { useState } from 'react';

/** What came of saving; `moved`: nothing was sent, since the text is not the one it began with. */
export type Saved = 'saved' | 'refused' | 'moved';

/** A draft of one text of a task. */
export interface Draft {
  /** What is written so far; undefined while nobody writes. */
  readonly text: string | undefined;
  /** What somebody else wrote meanwhile, and what saving would replace. */
  readonly theirs: string | undefined;
  begin(): void;
  write(text: string): void;
  end(): void;
  /**
   * Sends it and ends it. What others wrote is replaced when it is on the screen, which the caller
   * knows; else `moved` says to tell of it, and saving again replaces it.
   */
  save(send: (text: string) => Promise<boolean>, isTheirsShown?: boolean): Promise<Saved>;
}

interface Written {
  readonly text: string;
  /** What stood there when it began, or was told of last. */
  readonly from: string;
}

/** A draft of a text that is `value` now. */
export function useDraft(value: string): Draft {
  const [written, setWritten] = useState<Written>();
  const isSame = written === undefined || written.text === value;
  const hasMoved = !isSame && written.from !== value;

  async function save(
    send: (text: string) => Promise<boolean>,
    isTheirsShown = false,
  ): Promise<Saved> {
    if (hasMoved && !isTheirsShown) {
      setWritten({ ...written, from: value });
      return 'moved';
    }
    if (!isSame && !(await send(written.text))) return 'refused';
    setWritten(undefined);
    return 'saved';
  }

  return {
    text: written?.text,
    theirs: hasMoved ? value : undefined,
    begin: () => setWritten({ text: value, from: value }),
    write: (text) => setWritten((before) => before && { ...before, text }),
    end: () => setWritten(undefined),
    save,
  };
}
