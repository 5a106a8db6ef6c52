/** Server-sent events, as a test reads them. */
import { expect } from 'vitest';
import type { OpenHouse } from './a-door.ts';

/** What one frame says. */
export interface Frame {
  readonly id?: string;
  readonly event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: documents whose fields the tests name one by one
  readonly data?: any;
}

/** Reads frames until there are as many as wanted that say something, then leaves. */
export async function framesOf(
  house: OpenHouse,
  path: string,
  wanted: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly Frame[]> {
  const leaving = new AbortController();
  const response = await house.fetch(path, { headers });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const frames: Frame[] = [];
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString('utf8');
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    frames.push(...parts.map(frameOf).filter(({ data }) => data !== undefined));
    if (frames.length >= wanted) break;
  }
  leaving.abort();
  return frames.slice(0, wanted);
}

function frameOf(text: string): Frame {
  const fields = text.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2));
  const { data, ...frame } = Object.fromEntries(fields) as Record<string, string>;
  return { ...frame, ...(data === undefined ? {} : { data: JSON.parse(data) }) };
}
