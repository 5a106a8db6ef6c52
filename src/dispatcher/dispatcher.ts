/**
 * The dispatcher: a subscriber of the log that starts workers, watches them and ends their runs.
 *
 * There is no tick. It rests until the log brings news, a child exits, an action is done, or the
 * next deadline of its plan comes; then it makes one pass. One at a time, so that no two plans
 * overlap; actions go on side by side and never hold up a pass.
 */
import { filter, merge, type Observable, Subject, type Subscription, tap } from 'rxjs';
import type { Board } from '../app/board.ts';
import type { EventMeta } from '../domain/event.ts';
import { createBell } from '../log/bell.ts';
import type { StoredEvent } from '../log/event-log.ts';
import { backoffMs, describeFault } from './acts.ts';
import { createHear } from './hear.ts';
import { settleMs } from './judge.ts';
import { createPass } from './pass.ts';
import type { Plan, Planner } from './plan.ts';
import type { Host, Report } from './ports.ts';
import { createTelling, type Rules } from './rules.ts';

/** What a dispatcher is made of. */
export interface DispatcherDeps {
  /** Its name in the log; no two that run at once share one. */
  readonly dispatcherId: string;
  readonly board: Board;
  readonly boardDirectory: string;
  readonly host: Host;
  /** Those in force: they may change while it works, like the policy of the board. */
  readonly definitions: () => Rules['definitions'];
  /** What is appended to the log from now on; see `follow$`. */
  readonly news$: Observable<StoredEvent>;
  /** Where the board's server is, for workers to talk to. */
  readonly url?: string | undefined;
  readonly programVersion: string;
  readonly report: Report;
  /** Turns what is seen into what is to be done; default: the rules of `plan.ts`. */
  readonly plan?: Planner;
}

/** How to stop. */
export interface StopOptions {
  /** How long actions under way may take to be done, in ms. Default: the policy's `drainMs`. */
  readonly drainMs?: number;
  readonly reason?: string;
}

/** A dispatcher of one board on one host. Several may serve the same board. */
export interface Dispatcher {
  /** Announces itself in the log and begins. Rejects when the log cannot be written. */
  start(): Promise<void>;
  /** Starts nothing more and says goodbye. Workers go on, and the next dispatcher adopts them. */
  stop(options?: StopOptions): Promise<void>;
  /** One pass, and everything it starts to do. Resolves with its plan. */
  once(): Promise<Plan>;
  /** What one pass would do. */
  dryRun(): Promise<Plan>;
  /**
   * Says in the log that it acts by other rules from now on; nothing, where it has said the same
   * before. Whoever owns the rules puts them in force when this has resolved, so that nothing is
   * done by rules that the log does not know. Rejects when the log cannot be written.
   */
  announce(next: Rules): Promise<void>;
  /** Has it look now, when it is started. */
  nudge(): void;
}

/** The longest rest, in ms. News that never came costs this much time, and no work. */
const restMsMax = 60_000;

/** How much longer than a pass the pause after it is, and how long it is at most, in ms. */
const breathPerPass = 3;
const breathMsMax = 20;

/** A pass that begins this much after it was due is late, in ms; see `View.isLate`. */
const lateMsMin = 1_000;

/**
 * So is one that looks at tables that are this much behind: a lease may just have been renewed, at
 * three quarters, and the last quarter of the shortest lease must be longer than this.
 */
const behindMsMin = 250;

/** Events that give no cause to look: signs of life, words, seals, what dispatchers say of them. */
const quietTypes: ReadonlySet<string> = new Set([
  'HeartbeatRecorded',
  'UsageRecorded',
  'CommentAdded',
  'LogSealed',
  'WriteRefused',
  'RefusalsSummarized',
  'DispatcherStarted',
  'DispatcherStopped',
  'PolicyChanged',
]);

/** Makes a dispatcher; it does nothing before it is started. */
export function createDispatcher(given: DispatcherDeps): Dispatcher {
  const deps = { ...given, report: harmless(given.report) };
  const { dispatcherId, board, host, definitions, report } = deps;
  const { clock, timers } = host;
  const commands = board.as({
    actor: { kind: 'dispatcher', id: dispatcherId },
    surface: 'dispatcher',
  });
  const telling = createTelling({ dispatcherId, commands, report });
  const nudges = new Subject<void>();
  const pass = createPass({ ...deps, commands, url: deps.url, onDone: () => nudges.next() });
  const hear = createHear({ pass, clock, report });
  const bell = createBell(timers);
  const end = createBell(timers);
  let starting: Promise<void> = Promise.resolve();
  let hasStarted = false;
  let isStopping = false;
  let failedPasses = 0;
  let wakeUps: Subscription | undefined;
  let working: Promise<void> | undefined;

  function start(): Promise<void> {
    starting = begin();
    return starting;
  }

  async function begin(): Promise<void> {
    const { hostId, bootId, self, capabilities } = host;
    const { programVersion } = deps;
    const who = { host: hostId, bootId, pid: self.pid, programVersion };
    const rules = { policy: board.policy(), definitions: definitions(), capabilities };
    const startTime = String(self.startTime);
    const assignees = await telling.begin({ ...who, startTime }, rules);
    hasStarted = true;
    report('started', { dispatcherId, ...who, assignees: [...assignees] });
    if (isStopping) return;
    pass.liveness.listen();
    wakeUps = merge(deps.news$.pipe(tap(hear), filter(isCauseToLook)), nudges).subscribe({
      next: bell.ring,
      error: (fault) => report('fault', { subject: 'news', problem: describeFault(fault) }),
    });
    working = work();
  }

  async function announce(next: Rules): Promise<void> {
    await starting;
    if (!isStopping) await telling.change(next);
  }

  /** What this dispatcher did itself is no cause: its actions ring when they are done. */
  function isCauseToLook({ type, meta }: StoredEvent): boolean {
    if (quietTypes.has(type)) return false;
    return (JSON.parse(meta) as EventMeta).actor.id !== dispatcherId;
  }

  async function work(): Promise<void> {
    let dueAtMs = clock.monoMs();
    let settledAtMs = dueAtMs;
    while (!isStopping) {
      bell.hush();
      const nowMs = clock.monoMs();
      const lateMs = nowMs - dueAtMs;
      if (lateMs >= lateMsMin) {
        settledAtMs = nowMs + settleMs;
        report('late', { lateMs: Math.round(lateMs) });
      }
      // Nobody tells when the tables have caught up: the next pass may be the first to see it.
      if (isBehind(board)) settledAtMs = nowMs + 2 * settleMs;
      const restMs = await lookAndAct(nowMs < settledAtMs);
      const doneAtMs = clock.monoMs();
      dueAtMs = doneAtMs + restMs;
      // After a failure news is no cause to look: it would make every word of it another failure.
      if (!isStopping) await (failedPasses > 0 ? end : bell).wait(restMs);
      await breathe(doneAtMs + Math.min(breathPerPass * (doneAtMs - nowMs), breathMsMax));
    }
  }

  /** One pass; answers how long to rest after it. */
  async function lookAndAct(isLate: boolean): Promise<number> {
    try {
      const { lookAgainInMs } = await pass.make(isLate);
      failedPasses = 0;
      return restFor(lookAgainInMs);
    } catch (fault) {
      failedPasses += 1;
      report('fault', { subject: 'pass', failures: failedPasses, problem: describeFault(fault) });
      return backoffMs(failedPasses);
    }
  }

  /** Looking takes a quarter of the time: under load, one pass serves many wake-ups. */
  async function breathe(untilMs: number): Promise<void> {
    const leftMs = untilMs - clock.monoMs();
    if (leftMs <= 0 || isStopping) return;
    await new Promise<void>((resolve) => {
      timers.after(leftMs, resolve);
    });
  }

  function restFor(lookAgainInMs = restMsMax): number {
    const retryInMs = pass.acts.nextRetryInMs() ?? restMsMax;
    // Its own claims wake nobody, and their leases are short.
    const launchMs = pass.isLaunching() ? board.policy().launchLeaseMs / 4 : restMsMax;
    return Math.max(1, Math.ceil(Math.min(restMsMax, lookAgainInMs, retryInMs, launchMs)));
  }

  async function stop({ drainMs, reason }: StopOptions = {}): Promise<void> {
    isStopping = true;
    wakeUps?.unsubscribe();
    bell.ring();
    end.ring();
    // Whoever starts it hears of a failure; a goodbye before the greeting would fit no fold.
    await starting.catch(() => {});
    await working;
    await atMost(drainMs ?? board.policy().drainMs, pass.acts.settled());
    await pass.workers.letBe();
    pass.reaper.close();
    const data = { reason: reason ?? 'asked to' };
    try {
      if (hasStarted) {
        await commands.recordDispatcher(dispatcherId, { type: 'DispatcherStopped', data });
      }
    } finally {
      report('stopped', { dispatcherId, ...data, reaped: pass.reaper.count() });
    }
  }

  function atMost(ms: number, done: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timers.after(ms, resolve);
      void done.then(() => {
        cancel();
        resolve();
      });
    });
  }

  async function once(): Promise<Plan> {
    const made = await pass.make(isBehind(board));
    await pass.acts.settled();
    return made;
  }

  return { start, stop, once, dryRun: pass.draft, announce, nudge: () => nudges.next() };
}

/** Whether others may have been heard of since, but not by this one. */
function isBehind({ log }: Pick<Board, 'log'>): boolean {
  return (log.behindMs?.() ?? 0) >= behindMsMin;
}

/** Whoever is told may fail at it; nothing that is told depends on that. */
function harmless(report: Report): Report {
  return (what, facts) => {
    try {
      report(what, facts);
    } catch {
      // There is nobody else to tell.
    }
  };
}
