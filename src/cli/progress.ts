/** Shows people that long work goes on: bars on a terminal, a line now and then elsewhere. */
import type { SingleBar } from 'cli-progress';
import type { Io } from './io.ts';
import { createProgressLines } from './progress-lines.ts';
import { timeLeft } from './time.ts';
import type { Tell } from './upkeep.ts';
import type { Context } from './verb.ts';

/** What takes less is not worth the flicker, in ms. */
const patienceMs = 300;

/**
 * Does work that tells how far it is, with a bar for each of its stages on stderr; where that is no
 * terminal, with lines, and beside JSON with nothing.
 */
export async function withProgress<T>(
  context: Pick<Context, 'io' | 'isJson'>,
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  const stream = canvasOf(context);
  if (stream === undefined)
    return work(context.isJson ? () => {} : createProgressLines(context.io));
  const bars = createBars(stream, context.io);
  try {
    return await work(bars.tell);
  } finally {
    bars.stop();
  }
}

/** Does work that cannot tell how far it is, with a spinner on stderr. */
export async function withSpinner<T>(
  context: Pick<Context, 'io' | 'isJson'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const stream = canvasOf(context);
  if (stream === undefined) return work();
  const { default: ora } = await import('ora');
  const spinner = ora({ text: what, stream }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}

/** Where something may move: the terminal behind stderr, if people are looking at it. */
function canvasOf({ io, isJson }: Pick<Context, 'io' | 'isJson'>) {
  const { isTerminal, columns, stream } = io.stderr;
  // On a terminal of no width the spinner would clear lines for ever.
  return isJson || !isTerminal || columns === 0 ? undefined : stream;
}

/** The library is loaded when work turns out to be long, and not before. */
function createBars(stream: NodeJS.WritableStream, { nowMs }: Pick<Io, 'nowMs'>) {
  const startedAtMs = nowMs();
  let bar: SingleBar | undefined;
  let isLoading = false;
  let shown: string | undefined;

  async function load(): Promise<void> {
    const { Presets, SingleBar } = await import('cli-progress');
    const format = '{stage} {bar} {percentage} %  {value} of {total}  {eta_formatted} left';
    const options = { stream, format, formatTime: timeLeft, hideCursor: true, fps: 10 };
    bar = new SingleBar(options, Presets.shades_classic);
  }

  function tell(stage: string, { done, total }: { done: number; total: number }): void {
    if (bar === undefined) {
      if (isLoading || nowMs() - startedAtMs < patienceMs) return;
      isLoading = true;
      void load();
      return;
    }
    const payload = { stage: stage.padEnd(10) };
    if (shown === stage) bar.update(done, payload);
    else bar.start(total, done, payload);
    shown = stage;
  }

  return { tell, stop: () => bar?.stop() };
}
