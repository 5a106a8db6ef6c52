/** The fault every log answers with once it is closed. */
import { LogUnavailable } from './event-log.ts';

/** Code of that fault: followers end when they meet it. */
export const logClosedCode = 'log_closed';

/** The fault of using a log after it was closed. */
export function logClosed(): LogUnavailable {
  return new LogUnavailable('The log is closed', {
    code: logClosedCode,
    hint: 'Open the board again.',
    retryable: false,
  });
}
