/** Tells whoever keeps figures which requests were answered, and how fast. */

/** A request that was answered. */
export interface Answered {
  /** Its route as the table has it, never the path that was asked for. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** Until its answer began, in ms. */
  readonly ms: number;
}

/** The one who is told. */
export interface AnsweredNews {
  tell(answered: Answered): void;
  /** Hears of every request from now on. */
  listen(hear: (answered: Answered) => void): void;
}

/** News that nobody listens to yet. */
export function createAnsweredNews(): AnsweredNews {
  let hear: ((answered: Answered) => void) | undefined;
  return {
    tell: (answered) => hear?.(answered),
    listen: (listener) => {
      hear = listener;
    },
  };
}
