/** What the keys mean while a replay plays. */
import type { Playback } from '../../app/replay/playback.ts';

/** What the terminal begins a key with that is no character. */
const introducer = '\x1b';

/** An arrow, or one character. */
const key = new RegExp(String.raw`${introducer}[[O][A-D]|[\s\S]`, 'g');

const meanings: Readonly<Record<string, (playback: Playback) => void>> = {
  ' ': (playback) => playback.togglePause(),
  '.': (playback) => playback.stepOn(),
  ',': (playback) => playback.stepBack(),
  '+': (playback) => playback.faster(),
  '=': (playback) => playback.faster(),
  '-': (playback) => playback.slower(),
  q: (playback) => playback.quit(),
  Q: (playback) => playback.quit(),
  '\x1b[C': (playback) => playback.stepOn(),
  '\x1b[D': (playback) => playback.stepBack(),
  '\x1bOC': (playback) => playback.stepOn(),
  '\x1bOD': (playback) => playback.stepBack(),
};

/** Ctrl-C sends no signal while keys are taken one by one. */
const interrupt = '\x03';

/** Does what these keys ask for; whether one of them was Ctrl-C, which quits. */
export function pressKeys(text: string, playback: Playback): { readonly isInterrupt: boolean } {
  const keys: readonly string[] = text.match(key) ?? [];
  for (const each of keys) meanings[each]?.(playback);
  const isInterrupt = keys.includes(interrupt);
  if (isInterrupt) playback.quit();
  return { isInterrupt };
}
