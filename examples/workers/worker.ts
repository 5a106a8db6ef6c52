/**
 * Takes one task of a board and works on it, with nothing but what comes with Node.
 * Needs LOGBOARD_URL, LOGBOARD_TOKEN_FILE, LOGBOARD_ASSIGNEE. Exit code 5: nothing to do.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const {
  LOGBOARD_URL: url = '',
  LOGBOARD_TOKEN_FILE: tokenFile = '',
  LOGBOARD_ASSIGNEE: assignee = '',
  LOGBOARD_WAIT_MS: waitMs = '30000',
  LOGBOARD_EXAMPLE_PACE: pace = '1',
} = process.env;

/** The board says no: the run is over, and somebody else's. */
class Over extends Error {}

interface Claim {
  readonly taskId: string;
  readonly runId: string;
  readonly token: string;
  readonly leaseMs: number;
}

interface Beat {
  readonly comments: readonly { position: number; author: string; body: string }[];
}

/** Answers the document; undefined for 204. Repeats what was not heard: safe, under a key. */
async function say<T>(path: string, body: object, token: string): Promise<T | undefined> {
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': randomUUID(),
  };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const signal = AbortSignal.timeout(40_000);
    const asking = { method: 'POST', headers, body: JSON.stringify(body), signal };
    const answer = await fetch(`${url}/api/v1/${path}`, asking).catch(() => undefined);
    if (answer?.status === 204) return undefined;
    if (answer?.ok) return (await answer.json()) as T;
    if (answer !== undefined && answer.status < 500) {
      const { detail, hint } = (await answer.json()) as { detail: string; hint: string };
      throw new Over(`${detail} ${hint}`);
    }
    await pause(200 * 2 ** attempt);
  }
  throw new Error(`${url} cannot be reached`);
}

async function work({ leaseMs, runId, taskId, token }: Claim): Promise<void> {
  const own = `${runId}.${token}`;
  console.log(`working on ${taskId} in ${runId}`);
  let heard = 0;
  const beating = setInterval(() => {
    say<Beat>(`runs/${runId}/heartbeat`, { commentsAfter: heard }, own).then((beat) => {
      for (const { author, body, position } of beat?.comments ?? []) {
        console.log(`${author} says: ${body}`);
        heard = position;
      }
    }, leave);
  }, leaseMs / 4);
  try {
    // The work: here it counts to three.
    for (let page = 1; page <= 3; page += 1) {
      await say(`runs/${runId}/progress`, { progress: page / 4, note: `page ${page} of 3` }, own);
      await pause(Number(pace) * 1_000);
    }
  } finally {
    clearInterval(beating);
  }
  await say(`runs/${runId}/complete`, { summary: '3 pages', metadata: { pages: 3 } }, own);
  console.log('done');
}

/** A run that is over is nothing to go on with; a board that is away may come back. */
function leave(fault: unknown): void {
  console.error(fault instanceof Error ? fault.message : fault);
  if (fault instanceof Over) process.exit(4);
}

const workerToken = readFileSync(tokenFile, 'utf8').trim();
try {
  const claim = await say<Claim>('claims', { assignee, waitMs: Number(waitMs) }, workerToken);
  if (claim === undefined) process.exitCode = 5;
  else await work(claim);
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode = fault instanceof Over ? 4 : 1;
}
