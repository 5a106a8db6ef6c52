/** `completion`: a script that teaches a shell our verbs and options. */
import { Argument, type Command } from 'commander';
import { completionScript, type Shell, shells } from '../completion-script.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

/** Prints a completion script. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    ['source <(logboard completion bash)', 'for this shell; the line also fits into ~/.bashrc'],
    ['logboard completion zsh > ~/.zfunc/_logboard', 'for zsh; the folder must be in its fpath'],
    ['logboard completion fish > ~/.config/fish/completions/logboard.fish', 'for fish'],
  ],
};

function configure(command: Command): void {
  command.addArgument(new Argument('<shell>', 'which shell').choices(shells));
}

async function run(context: Context, { args }: Input<unknown>): Promise<Result> {
  const shell = args[0] as Shell;
  const script = completionScript(shell, await context.describeVerbs());
  return { json: () => ({ shell, script }), text: () => script };
}
