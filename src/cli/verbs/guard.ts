/** `guard`: the first thing a worker does: asks whether the run it was started for is still its. */
import type { Command } from 'commander';
import { notMineLine } from '../../domain/run/not-mine.ts';
import { exitCodes } from '../../outcome.ts';
import { guardWorker, type Mine, type NotMine } from '../guard.ts';
import { plainLine } from '../sanitize.ts';
import type { Answer, Context, Verb } from '../verb.ts';

/** Guards a worker. */
export const verb: Verb = {
  configure,
  run,
  examples: [
    ['logboard guard || exit 0', 'the first line of a shell script that is a worker'],
    ['logboard guard || exit 4', 'where the worker definition says that exit code 0 completes'],
    ['logboard guard --json', 'why, for programs'],
  ],
};

function configure(command: Command): void {
  command.addHelpText(
    'after',
    [
      '',
      'Exit code 0: this process is the worker of the run that holds its task. Exit',
      'code 4: it is not, or that cannot be confirmed; one line on stderr says why.',
      'The variables that the dispatcher sets are all that counts: LOGBOARD_BOARD,',
      'LOGBOARD_TASK, LOGBOARD_RUN and LOGBOARD_RUN_TOKEN_FILE. What is missing or',
      'malformed means “not mine”.',
    ].join('\n'),
  );
}

async function run({ io, root }: Context): Promise<Answer> {
  const { environment, directory, userHome } = io;
  const found = await guardWorker({ root, environment, directory, userHome, surface: 'cli' });
  if (found.mine) {
    await found.board.close();
    const { runId, taskId } = found.worker;
    return { json: () => document(found), text: () => `${runId} holds ${taskId}: go on` };
  }
  // This line belongs into the run's log, in whatever form the answer was asked for.
  io.stderr.write(`${plainLine(notMineLine(found.reason))}\n`);
  return { json: () => document(found), exit: exitCodes.stale };
}

/** The same names, whatever the answer is. */
function document(found: Mine | NotMine) {
  const { mine } = found;
  const { runId, taskId } = found.mine ? found.worker : found;
  const attempt = found.mine ? found.worker.attempt : null;
  const [because, reason] = found.mine ? [null, null] : [found.because, found.reason];
  return { mine, taskId, runId, attempt, because, reason };
}
