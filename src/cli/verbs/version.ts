/** `version`: which program this is. */
import type { Command } from 'commander';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Prints versions. */
export const verb: Verb = {
  configure,
  run,
  examples: [['logboard version --json', 'for a bug report']],
};

function configure(_command: Command): void {}

async function run({ root }: Context, _input: Input<unknown>): Promise<Result> {
  const { version, nodeVersion, logFormat } = root;
  return {
    json: () => ({ version, node: nodeVersion, logFormat }),
    text: () => `logboard ${version} (Node ${nodeVersion}, log format ${logFormat})`,
  };
}
