/** `doctor`: looks at the machine and the board, changes nothing, and says what to do. */
import type { Command } from 'commander';
import { exitCodes } from '../../outcome.ts';
import { withSpinner } from '../progress.ts';
import { plainLine } from '../sanitize.ts';
import type { Style } from '../style.ts';
import type { Finding } from '../upkeep.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Diagnoses. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    ['logboard doctor', 'this machine and the board of this folder'],
    ['logboard doctor --board release --json', 'another board, for a bug report'],
  ],
};

function configure(_command: Command): void {}

async function run(context: Context, _input: Input<unknown>): Promise<Result> {
  const { place, root, configFile } = context;
  const upkeep = await root.upkeep();
  const findings: Finding[] = [];
  await withSpinner(context, 'looking at everything', async () => {
    for await (const finding of upkeep.diagnose(place.directory, configFile))
      findings.push(finding);
  });
  const count = (state: Finding['state']) => findings.filter((each) => each.state === state).length;
  const [bad, warn] = [count('bad'), count('warn')];
  const verdict = bad > 0 ? `${bad} bad` : warn > 0 ? 'usable' : 'all well';
  const width = Math.max(...findings.map(({ check }) => check.length));
  return {
    json: () => ({ ok: bad === 0, directory: place.directory, findings }),
    text: () =>
      [...findings.flatMap((each) => lines(each, width, context.style)), '', verdict].join('\n'),
    exit: bad === 0 ? exitCodes.done : exitCodes.difference,
  };
}

const marks = {
  ok: ['✓', 'good'],
  warn: ['!', 'warn'],
  bad: ['✗', 'bad'],
} as const;

function lines({ check, state, found, hint }: Finding, width: number, style: Style): string[] {
  const [glyph, tone] = marks[state];
  const mark = style.paint(tone, `${glyph} ${state.padEnd(4)}`);
  const head = `${mark}  ${check.padEnd(width)}  ${plainLine(found)}`;
  const indent = ' '.repeat('✗ warn'.length + width + 4);
  return hint === '' ? [head] : [head, style.paint('dim', `${indent}${plainLine(hint)}`)];
}
