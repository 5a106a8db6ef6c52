/**
 * The configuration of a program that goes on: read again when its file changes.
 *
 * A hint that the file has changed may come early, twice or never; what counts is what stands in
 * it. It is read once it has stood still for a moment, checked as a whole like at the start, and
 * put in force when the dispatcher has said so in the log. What cannot be used changes nothing: the
 * configuration before stays in force until the file is mended.
 */
import type { FollowingConfig, LiveConfig } from '../cli/root.ts';
import { type Config, ConfigError } from '../config.ts';
import { pause } from '../host/clock.ts';
import { createBell } from '../log/bell.ts';
import type { Timers } from '../log/ports.ts';
import { changesBetween, keysForRestart } from './config-changes.ts';

/** The file of a configuration. */
export interface ConfigFile {
  readonly path: string;
  /** What stands in it; undefined where there is none. Throws what the file system says no with. */
  read(): string | undefined;
  /** Calls back when it may have changed. Answers the way to stop. */
  watch(onHint: () => void): () => void;
}

/** What a live configuration is made of. */
export interface LiveConfigParts {
  readonly file: ConfigFile;
  /** Checks and layers a configuration with this text as its file. Throws `ConfigError`. */
  load(text: string): Config;
  readonly timers: Timers;
}

/** How long a file must stand still before it counts: editors write in several steps. In ms. */
const stillMs = 150;

/** How often the file is looked at in case no hint arrives, in ms. */
const lookEveryMs = 5_000;

/** What faults are about. */
const subject = 'configuration';

/** What was found in place of a file: its text, or why there is none. */
type Found = { readonly text: string } | { readonly problem: string; readonly hint: string };

/** Begins with a configuration that was read already. */
export function createLiveConfig(first: Config, { file, load, timers }: LiveConfigParts) {
  let current = first;

  async function follow(around: FollowingConfig, signal: AbortSignal): Promise<void> {
    const take = createTaking(around);
    const bell = createBell(timers);
    const stopWatching = file.watch(bell.ring);
    signal.addEventListener('abort', bell.ring);
    let taken: string | undefined;
    while (!signal.aborted) {
      bell.hush();
      const found = await whenStill(taken, signal);
      if (signal.aborted) break;
      const text = JSON.stringify(found);
      if (text !== taken && (await take(found))) taken = text;
      await bell.wait(lookEveryMs);
    }
    stopWatching();
  }

  /** What stands in the file for a while; at once when that is what was taken already. */
  async function whenStill(taken: string | undefined, signal: AbortSignal): Promise<Found> {
    let found = look();
    while (!signal.aborted && JSON.stringify(found) !== taken) {
      await pause(timers, stillMs, { signal, hold: 'background' });
      const again = look();
      if (JSON.stringify(again) === JSON.stringify(found)) break;
      found = again;
    }
    return found;
  }

  function look(): Found {
    try {
      const text = file.read();
      if (text === undefined) return missing(`${file.path} is gone`);
      // Whoever writes a file begins with an empty one.
      return text.trim() === '' ? missing(`${file.path} is empty`) : { text };
    } catch (fault) {
      return missing(`Cannot read ${file.path}: ${wordsOf(fault)}`);
    }
  }

  function createTaking({ announce, changed, report }: FollowingConfig) {
    let isBroken = false;
    let toldRestart: readonly string[] = [];
    let isWaiting = false;

    /** Answers whether this content is done with. */
    async function take(found: Found): Promise<boolean> {
      const next = readingOf(found);
      if ('problem' in next) {
        isBroken = next.isWorthTelling;
        if (isBroken) report('fault', { subject, problem: next.problem, hint: next.hint });
        return true;
      }
      const changes = changesBetween(current, next);
      const keys = keysForRestart(first, next);
      try {
        if (changes.length > 0) await announce(next);
      } catch (fault) {
        const problem = `What is new in ${file.path} waits for the log: ${wordsOf(fault)}`;
        if (!isWaiting) report('fault', { subject, problem });
        isWaiting = true;
        return false;
      }
      current = next;
      const needsRestart = keys.filter((key) => !toldRestart.includes(key));
      toldRestart = keys;
      if (changes.length + needsRestart.length > 0 || isBroken) {
        report('reloaded', { file: file.path, changes: [...changes], needsRestart });
      }
      isBroken = false;
      isWaiting = false;
      if (changes.length > 0) changed();
      return true;
    }

    return take;
  }

  function readingOf(found: Found): Config | (Unusable & { readonly isWorthTelling: boolean }) {
    // Where there was no file at the start, there need not be one.
    if ('problem' in found) return { ...found, isWorthTelling: current.file !== undefined };
    try {
      return load(found.text);
    } catch (fault) {
      const problem = `${wordsOf(fault)} The configuration before stays in force.`;
      const hint = fault instanceof ConfigError ? fault.hint : 'Correct what was changed last.';
      return { problem, hint, isWorthTelling: true };
    }
  }

  return { now: () => current, follow } satisfies LiveConfig;
}

type Unusable = Extract<Found, { problem: string }>;

function missing(what: string): Unusable {
  return {
    problem: `${what}; the configuration before stays in force.`,
    hint: 'Write it again, or start the program anew to do without it.',
  };
}

function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
