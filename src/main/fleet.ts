/** Dispatchers for the command line: the real host, the real log, one board. */
import { dirname } from 'node:path';
import type { Fleet, ServedPlace, StartedDispatcher } from '../cli/root.ts';
import { createDispatcher, type Dispatcher } from '../dispatcher/dispatcher.ts';
import { keepSealed } from '../dispatcher/keep-sealed.ts';
import type { Host } from '../dispatcher/ports.ts';
import { systemClock, systemTimers } from '../host/clock.ts';
import { openDispatcherHost } from '../host/dispatcher-host.ts';
import { ensureHome } from '../host/home.ts';
import { firstProcessWarning } from '../host/signals.ts';
import type { EventLog } from '../log/event-log.ts';
import { follow$ } from '../log/follow.ts';

/** What a fleet is made of. */
export interface FleetParts {
  /** The home directory: its slots cap the workers of all boards. */
  readonly home: string;
  /** What workers inherit a part of. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory: the project, where no configuration file names another. */
  readonly directory: string;
  readonly programVersion: string;
  /** A name for a dispatcher that no other has. */
  newDispatcherId(): string;
}

/** Starts and watches workers. */
export function createFleet(parts: FleetParts): Fleet {
  /** Lends a dispatcher, and lets go of its files afterwards. */
  async function withDispatcher<T>(
    place: ServedPlace,
    work: (dispatcher: Dispatcher) => Promise<T>,
  ): Promise<T> {
    const { board, directory, config, report } = place;
    ensureHome(parts.home);
    const { capabilities, file } = config();
    const opened = await openDispatcherHost({
      home: parts.home,
      boardDirectory: directory,
      environment: parts.environment,
      capabilities,
      projectDirectory: file === undefined ? parts.directory : dirname(file),
      onError: (error) => report('fault', { subject: 'host', problem: String(error) }),
    });
    const host: Host = {
      ...opened,
      get capabilities() {
        return config().capabilities;
      },
    };
    const { position: after } = await board.log.head();
    const following = { clock: systemClock, timers: systemTimers, random: Math.random, after };
    const dispatcherId = parts.newDispatcherId();
    const dispatcher = createDispatcher({
      dispatcherId,
      board,
      boardDirectory: directory,
      host,
      definitions: () => config().workers,
      news$: follow$(board.log, following),
      programVersion: parts.programVersion,
      url: place.url,
      report,
    });
    const stopSealing = board.log.atomic ? undefined : sealing(place, dispatcherId);
    try {
      return await work(dispatcher);
    } finally {
      await stopSealing?.();
      opened.close();
    }
  }

  return {
    warning: firstProcessWarning(process.pid),
    serve: (place, signal) =>
      withDispatcher(place, async (dispatcher) => {
        await dispatcher.start();
        place.onStart?.({ nudge: dispatcher.nudge, announce: announceBy(dispatcher) });
        const lost = await stoppedOrLost(place.board.log, signal);
        if (lost === undefined) return dispatcher.stop({ reason: 'asked to by a signal' });
        await dispatcher.stop({ reason: lost.message }).catch(() => {
          // Its last word goes into the log that is lost.
        });
        throw lost;
      }),
    once: (place) => withDispatcher(place, (dispatcher) => dispatcher.once()),
    plan: (place) => withDispatcher(place, (dispatcher) => dispatcher.dryRun()),
  };
}

function announceBy(dispatcher: Dispatcher): StartedDispatcher['announce'] {
  return ({ policy, workers, capabilities }) =>
    dispatcher.announce({ policy, definitions: workers, capabilities });
}

/** Only a log that each host reads for itself needs seals. */
function sealing({ board, report }: ServedPlace, dispatcherId: string): () => Promise<void> {
  const actor = { kind: 'dispatcher', id: dispatcherId } as const;
  const commands = board.as({ actor, surface: 'dispatcher' });
  return keepSealed({ board, commands, timers: systemTimers, report });
}

/** How often the log is asked whether it still takes appends, in ms. */
const askEveryMs = 500;

/**
 * Resolves when the signal is aborted, or with the reason why nothing can be appended until the
 * program is started again. Holds the process too: a dispatcher rests on timers and hints that
 * would let it end.
 */
function stoppedOrLost(log: EventLog, signal: AbortSignal): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const asking = setInterval(() => {
      const reason = log.writingRefused();
      if (reason !== undefined) end(reason);
    }, askEveryMs);
    const end = (reason?: Error) => {
      clearInterval(asking);
      resolve(reason);
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', () => end());
  });
}
