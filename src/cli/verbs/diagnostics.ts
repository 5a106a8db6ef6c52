/** `diagnostics`: what is wrong with tasks, and which command helps. It changes nothing. */
import { type Command, Option } from 'commander';
import { type DiagnosticReport, suspectsMax } from '../../app/diagnose.ts';
import { type Severity, severities } from '../../domain/diagnostics/finding.ts';
import { said } from '../../domain/said.ts';
import { exitCodes } from '../../outcome.ts';
import { diagnosticsJson } from '../../wire/diagnostics-json.ts';
import { diagnosed } from '../diagnosed.ts';
import { findingKindOf } from '../finding-kinds.ts';
import { findingText } from '../finding-text.ts';
import { taskIdOf } from '../ids.ts';
import { collectList } from '../parsers.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly kind?: readonly string[];
  readonly severity?: Severity;
  readonly exitCode?: true;
}

/** Diagnoses tasks. */
export const verb: Verb<Options> = {
  configure,
  run,
  takesAt: 'once',
  examples: [
    ['logboard diagnostics', 'everything that is wrong on the board, the worst first'],
    ['logboard diagnostics T-0A1B2C3D4E', 'what is wrong with this task'],
    ['logboard diagnostics --severity error --exit-code', 'for a script: exit 9 if there is any'],
    ['logboard diagnostics --kind stranded_in_ready --json', 'one kind, for a program'],
  ],
};

function configure(command: Command): void {
  const least = new Option('--severity <severity>', 'only what is as bad as this, or worse');
  command
    .argument('[tasks...]', 'default: all with which something is wrong')
    .option('--kind <kinds>', 'only these kinds; repeat or separate by ,', collectList)
    .addOption(least.choices(severities))
    .option('--exit-code', `exit with ${exitCodes.difference} if anything is found`);
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const taskIds = args.length === 0 ? undefined : [...new Set(args.map(taskIdOf))];
  const kinds = options.kind?.map(findingKindOf);
  const on = await context.onBoard('read');
  const report = await diagnosed(on, said({ taskIds, kinds, severity: options.severity }));
  if (report.refused) return report;
  const { findings } = report;
  const nowMs = on.board.nowMs();
  const isBad = options.exitCode === true && findings.length > 0;
  return {
    json: () => diagnosticsJson(report, on.board.projections.checkpoint().position),
    text: () => findings.map((each) => findingText(each, on.style, nowMs)).join('\n\n'),
    notes: notes(report).map((note) => on.talk.paint('dim', note)),
    exit: isBad ? exitCodes.difference : exitCodes.done,
  };
}

function notes({ findings, cut, unchecked }: DiagnosticReport): readonly string[] {
  return [
    findings.length === 0 ? 'Nothing is wrong.' : '',
    cut.length === 0 ? '' : `Of ${cut.join(', ')} there is more: ${suspectsMax} tasks were seen.`,
    unchecked.length === 0 ? '' : `Not checked without a configuration: ${unchecked.join(', ')}.`,
  ].filter((note) => note !== '');
}
