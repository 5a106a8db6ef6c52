/** The heat map of a what-if, written to a file. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { WhatIf } from '../app/what-if.ts';
import { plainLine } from './sanitize.ts';
import { UsageError } from './usage-error.ts';
import type { Context } from './verb.ts';

/** Its name when none was given. */
const usualName = 'whatif.html';

/**
 * Writes the page to `file`, over an older one; answers a note that says where. Throws `UsageError`
 * when it cannot be written.
 */
export async function writeHeatMap(
  { io, place }: Pick<Context, 'io' | 'place'>,
  answer: WhatIf,
  file: string | true,
): Promise<string> {
  if (answer.runs === 0) return 'no page: there is nothing to draw';
  const path = resolve(io.directory, file === true ? usualName : file);
  // Loaded when it is asked for.
  const { heatMapPage } = await import('./html/heat-map.ts');
  try {
    await writeFile(path, heatMapPage(answer, place.label));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const hint = 'Name another file after --html.';
    throw new UsageError(`Cannot write ${plainLine(path)} (${code}).`, hint);
  }
  return `heat map: ${plainLine(path)}`;
}
