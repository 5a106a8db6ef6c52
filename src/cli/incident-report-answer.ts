/** `incident report`: a post-mortem to begin with, of a file or of the board itself. */
import { resolve } from 'node:path';
import { onIncidentFile } from './incident-open.ts';
import { drawIncident } from './incident-picture.ts';
import { writeReport } from './incident-report-files.ts';
import type { SaveOptions } from './incident-save.ts';
import { onWanted } from './incident-wanted.ts';
import type { ReportSubject } from './report-section.ts';
import { plainLine } from './sanitize.ts';
import type { Context, Result } from './verb.ts';

/** Makes a report of the file that is named, else of what the options wish for. */
export async function reportAnswer(
  context: Context,
  file: string | undefined,
  { output, force, ...wish }: SaveOptions,
): Promise<Result> {
  const { io, style } = context;
  const place = output === undefined ? undefined : resolve(io.directory, output);
  const write = (subject: ReportSubject) =>
    writeReport(subject, drawIncident, { place, force: force === true });
  const made =
    file === undefined
      ? await onWanted(await context.onBoard('read'), wish, write)
      : await onIncidentFile(context, file, ({ board, header }) =>
          write({ board, taskIds: header.tasks.whole, window: header.window }),
        );
  if (made.refused) return made;
  const { files, markdown } = made;
  const written = `${style.paint('good', '✓ written')}  ${files.map(plainLine).join(', ')}`;
  return {
    json: () => ({ files, markdown }),
    text: () => (files.length === 0 ? markdown : written),
  };
}
