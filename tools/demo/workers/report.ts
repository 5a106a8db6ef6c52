/** A worker of the demo: reads what all parents handed on and writes a Markdown report. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { attachRun } from '../../../src/index.ts';
import { type FolderMeasure, parseJob } from '../job.ts';

const run = await attachRun();
const job = parseJob((await run.task()).body);
const parents = await run.parents();
const folders = parents.map((parent) => parent.handOff?.metadata as unknown as FolderMeasure);
const path = resolve('report.md');
await writeFile(path, report(job.name, folders));
const lines = sum(folders, 'lines');
const answer = await run.complete({
  summary: `${folders.length} folders, ${lines} lines`,
  metadata: { path, folders: folders.length, lines },
});
console.log(answer.refused ? answer.message : path);
await run.close();

function report(name: string, folders: readonly FolderMeasure[]): string {
  const byLines = [...folders].sort((a, b) => b.lines - a.lines);
  const rows = byLines.map((one) => {
    const { longest } = one;
    const longestText = longest ? `\`${longest.name}\` (${longest.lines}, ${longest.file})` : '–';
    const figures = [one.files, one.lines, one.functions, longestText, one.todos];
    return `| ${one.folder} | ${figures.join(' | ')} |`;
  });
  const totals = (['files', 'lines', 'functions', 'todos'] as const).map(
    (key) => `${sum(folders, key)} ${key}`,
  );
  return [
    `# Survey of ${name}`,
    '',
    `${folders.length} folders: ${totals.join(', ')}.`,
    '',
    '| folder | files | lines | functions | longest function (lines, file) | to-dos |',
    '|---|---:|---:|---:|---|---:|',
    ...rows,
    '',
  ].join('\n');
}

function sum(
  folders: readonly FolderMeasure[],
  key: 'files' | 'lines' | 'functions' | 'todos',
): number {
  return folders.reduce((total, one) => total + one[key], 0);
}
