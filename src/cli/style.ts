/** How text looks on this terminal: its width, and colours only where somebody can see them. */
import { styleText } from 'node:util';
import type { Io, Sink } from './io.ts';

/** The few ways text may stand out. */
export type Tone = 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'active' | 'waiting' | 'special';

/** How to write for one sink. */
export interface Style {
  /** Columns a line may take; infinite where nobody looks: a pipe or a file cuts nothing. */
  readonly columns: number;
  readonly hasColour: boolean;
  /** The text in a tone; as it is where colours are off. */
  paint(tone: Tone, text: string): string;
}

/** Narrower terminals wrap: cutting more would leave nothing to read. */
const columnsMin = 40;

const formats = {
  strong: 'bold',
  dim: 'dim',
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  active: 'blue',
  waiting: 'cyan',
  special: 'magenta',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** The style for a sink; colours also stay off with NO_COLOR, TERM=dumb or `--no-color`. */
export function styleFor(sink: Sink, io: Pick<Io, 'environment'>, wantsColour: boolean): Style {
  const { environment } = io;
  const isPlain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
  const hasColour = sink.isTerminal && wantsColour && !isPlain;
  return {
    columns: Math.max(columnsMin, sink.columns ?? Number.POSITIVE_INFINITY),
    hasColour,
    // Whether there are colours was decided above; Node would ask its own stdout again.
    paint: (tone, text) =>
      hasColour ? styleText(formats[tone], text, { validateStream: false }) : text,
  };
}
