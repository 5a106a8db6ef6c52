/** Shows people that long work goes on: on a terminal only, and never beside JSON. */
import type { OnProgress } from './root.ts';
import type { Context } from './verb.ts';

/** A bar is not worth its flicker for less than this, in ms. */
const patienceMs = 250;

/** Does work that tells how far it is, with a bar for each stage of it on stderr. */
export async function withProgress<T>(
  context: Pick<Context, 'io' | 'isJson'>,
  work: (tell: (stage: string, ...progress: Parameters<OnProgress>) => void) => Promise<T>,
): Promise<T> {
  const { io, isJson } = context;
  if (isJson || !io.stderr.isTerminal) return work(() => {});
  const { SingleBar, Presets } = await import('cli-progress');
  const bar = new SingleBar(
    { format: '{stage} {bar} {percentage}% {value}/{total}', hideCursor: true, fps: 10 },
    Presets.shades_classic,
  );
  const startedAtMs = io.nowMs();
  let current: string | undefined;
  try {
    return await work((stage, { done, total }) => {
      if (current === undefined && io.nowMs() - startedAtMs < patienceMs) return;
      if (current !== stage) bar.start(total, done, { stage: stage.padEnd(10) });
      else bar.update(done, { stage: stage.padEnd(10) });
      bar.setTotal(total);
      current = stage;
    });
  } finally {
    if (current !== undefined) bar.stop();
  }
}

/** Does work that cannot tell how far it is, with a spinner on stderr. */
export async function withSpinner<T>(
  context: Pick<Context, 'io' | 'isJson'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const { io, isJson } = context;
  if (isJson || !io.stderr.isTerminal) return work();
  const { default: ora } = await import('ora');
  const spinner = ora(what).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}
