/** A log in one line: two runs of the same seed that differ anywhere differ here. */
import { createHash } from 'node:crypto';
import type { EventLog } from '../../src/log/event-log.ts';
import { pagesOf } from '../../src/log/pages.ts';

/** SHA-256 (hex) over every stored event of a log, and how many there are. */
export async function digestOf(log: EventLog): Promise<{ digest: string; events: number }> {
  const hash = createHash('sha256');
  let events = 0;
  for await (const page of pagesOf(log)) {
    for (const event of page) hash.update(JSON.stringify(event));
    events += page.length;
  }
  return { digest: hash.digest('hex'), events };
}
