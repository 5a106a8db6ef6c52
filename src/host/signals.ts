/** Stopping when asked to: once, gracefully; asked again, at once. */

type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Exit codes a shell expects of a program that a signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** The part of `process` that hears signals. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

/**
 * Calls `stop` at the first SIGINT or SIGTERM and `exit` at the second, whichever they are. SIGHUP
 * calls `stop` as well, and never `exit`: a session that drops sends it more than once, from the
 * shell and from the kernel, and perhaps SIGTERM with it. Under `nohup` it stops the program, too:
 * Node resets what was ignored before it began, and leaves no way to tell.
 * Returns the way to listen no longer.
 */
export function onStopSignals(
  source: SignalSource,
  reactions: { stop: (signal: StopSignal) => void; exit: (code: number) => void },
): () => void {
  let asked = false;
  const listener = (signal: StopSignal) => {
    if (signal === 'SIGHUP') {
      reactions.stop(signal);
      return;
    }
    if (asked) {
      reactions.exit(exitCodes[signal]);
      return;
    }
    asked = true;
    reactions.stop(signal);
  };
  for (const signal of stopSignals) {
    source.on(signal, listener);
  }
  return () => {
    for (const signal of stopSignals) {
      source.off(signal, listener);
    }
  };
}

/**
 * What to tell an operator who made this process number 1 of a container. Node waits only for its
 * own children, so every orphan of a worker would stay a zombie.
 */
export function firstProcessWarning(pid: number): string | undefined {
  return pid === 1
    ? 'this is process 1: what workers leave behind stays a zombie, and workers end with it; ' +
        'put an init in front (docker run --init, or tini), see docs/containers.md'
    : undefined;
}
