/** `config`: the settings in force, and where each comes from. */
import type { Command } from 'commander';
import type { Config, Setting } from '../../config.ts';
import { didYouMean } from '../../nearest.ts';
import { plainLine } from '../sanitize.ts';
import { renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly origin?: true;
}

/** Shows the configuration. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard config list --origin', 'all settings, their origin and their variable'],
    ['logboard config get claimTtlMs', 'one value'],
    ['LOGBOARD_CLAIM_TTL_MS=5m logboard config get claimTtlMs', 'a variable beats the file'],
  ],
};

function configure(command: Command): void {
  command
    .argument('[action]', 'list or get; default list')
    .argument('[key]', 'the setting to get')
    .option('--origin', 'also say where each value comes from');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const [action = 'list', key] = args;
  const config = await context.config();
  if (action === 'list' && key === undefined) return list(context, config, options);
  if (action === 'get' && key !== undefined) return get(config, key);
  throw new UsageError(
    `There is no \`config ${plainLine(args.join(' '))}\`.`,
    'Use `config list` or `config get <key>`.',
  );
}

function list({ style, talk }: Context, config: Config, { origin }: Options): Result {
  const { settings, warnings, workers, capabilities, file = null } = config;
  const columns = [
    { head: 'KEY' },
    { head: 'VALUE' },
    ...(origin ? [{ head: 'ORIGIN' }, { head: 'VARIABLE', stretch: true }] : []),
  ];
  const rows = settings.map((each) => [
    each.key,
    valueText(each),
    ...(origin ? [each.origin, each.environmentName] : []),
  ]);
  const names = Object.keys(workers);
  return {
    json: () => ({ file, settings, warnings, workers, capabilities }),
    text: () => renderTable(columns, rows, style),
    notes: [
      file === null ? 'no logboard.yaml was found' : `read ${file}`,
      names.length === 0 ? 'no workers are defined' : `workers: ${names.join(', ')}`,
    ].map((note) => talk.paint('dim', note)),
  };
}

function get({ settings }: Config, key: string): Result {
  const setting = settings.find((each) => each.key === key);
  if (setting !== undefined) return { json: () => setting, text: () => valueText(setting) };
  const keys = settings.map((each) => each.key);
  throw new UsageError(`There is no setting “${key}”.`, didYouMean(key, keys));
}

function valueText({ value }: Setting): string {
  return value === null ? '–' : `${value}`;
}
