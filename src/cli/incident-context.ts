/** The board that an incident file holds, for the verbs that read. */
import { dirname, resolve } from 'node:path';
import { withProgress } from './progress.ts';
import type { BoardContext, Context } from './verb.ts';

/** Opens the file named with `--log` in the place of a board; output comes from it, too. */
export async function onIncident(context: Context, named: string): Promise<BoardContext> {
  const { io, root } = context;
  const file = resolve(io.directory, named);
  const { board, header, output } = await withProgress(context, (tell) =>
    root.openIncident(file, (progress) => tell('verifying', progress)),
  );
  return {
    ...context,
    place: { directory: dirname(file), label: named },
    root: {
      ...root,
      readRunLog: async (_directory, runId, { tail }) => lastLines(output(runId), tail),
    },
    board,
    savedAtMs: header.savedAtMs,
    commands: () => board.as(context.caller()),
  };
}

interface Output {
  readonly text: string;
  readonly cut: boolean;
}

function lastLines({ text, cut }: Output, tail = Number.POSITIVE_INFINITY): Output {
  const lines = text.split(/(?<=\n)/);
  if (lines.length <= tail) return { text, cut };
  return { text: lines.slice(-tail).join(''), cut: true };
}
