/** What one run says to the door: in its own name, with its own token. */
import type * as z from 'zod';
import type { RemoteClaim, Reply, Say } from './door-client.ts';

/** The voice of a run. */
export interface RunVoice {
  /** Says something, once. */
  say<T>(
    what: string,
    body: object | Uint8Array<ArrayBuffer>,
    answer: z.ZodType<T>,
  ): Promise<Reply<T>>;
}

/** The voice of the run that was claimed. */
export function runVoice(
  { runId, token }: Pick<RemoteClaim, 'runId' | 'token'>,
  say: Say,
): RunVoice {
  const bearer = `${runId}.${token}`;
  return {
    say: (what, body, answer) => say({ path: `runs/${runId}/${what}`, bearer, body, answer }),
  };
}
