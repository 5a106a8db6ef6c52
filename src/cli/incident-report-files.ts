/** A report where it was wanted: as a file with its picture beside it, or as one text. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { reportText } from './incident-report.ts';
import type { ReportSubject } from './report-section.ts';
import { UsageError } from './usage-error.ts';

/** A report that was made. */
export interface MadeReport {
  readonly refused: false;
  /** The files that were written; none where no place was named. */
  readonly files: readonly string[];
  readonly markdown: string;
}

/** Where to write. */
export interface ReportPlace {
  /** Absolute path of the Markdown; undefined: nowhere, and the picture is part of the text. */
  readonly place: string | undefined;
  readonly force: boolean;
}

/** Makes a picture of the tasks, as SVG; undefined where there is nothing to draw. */
export type DrawPicture = (subject: ReportSubject) => Promise<string | undefined>;

/** Writes a report. Throws `UsageError` where a file is in the way. */
export async function writeReport(
  subject: ReportSubject,
  draw: DrawPicture,
  { place, force }: ReportPlace,
): Promise<MadeReport> {
  const picturePlace = place?.replace(/(\.(md|markdown))?$/i, '.svg');
  const svg = await draw(subject);
  const markdown = await reportText(subject, svg && imageOf(svg, picturePlace));
  const files: (readonly [path: string, text: string])[] = [];
  if (place !== undefined) files.push([place, markdown]);
  if (picturePlace !== undefined && svg !== undefined) files.push([picturePlace, svg]);
  if (!force) for (const [path] of files) refuseExisting(path);
  for (const [path, text] of files) {
    // Made anew, so that the rights of what was there do not stay.
    rmSync(path, { force: true });
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  }
  return { refused: false, files: files.map(([path]) => path), markdown };
}

/** The picture beside the report, or within. */
function imageOf(svg: string, picturePlace: string | undefined): string {
  if (picturePlace !== undefined) return encodeURIComponent(basename(picturePlace));
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new UsageError(
    `There is a file at ${path} already.`,
    'Choose another place with -o, or add --force to replace it.',
  );
}
