/** `sign-in`: a link that signs a browser in at the page of a board that is being served. */
import { type Command, Option } from 'commander';
import type { PageRole } from '../../wire/page-role.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly role: PageRole;
}

/** Asks whoever serves the board for a link. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard sign-in', 'open what it prints in a browser'],
    ['logboard sign-in --role reader', 'for somebody who only looks'],
  ],
};

const roles: readonly PageRole[] = ['operator', 'reader'];

function configure(command: Command): void {
  command.addOption(
    new Option('--role <role>', 'what the browser may do').choices(roles).default('operator'),
  );
}

async function run(context: Context, { options: { role } }: Input<Options>): Promise<Result> {
  const { directory } = context.existingPlace();
  const url = await context.root.signIn(directory, role);
  return {
    json: () => ({ url, role }),
    text: () => url,
    notes: [context.talk.paint('dim', 'It is good once, for a quarter of an hour.')],
  };
}
