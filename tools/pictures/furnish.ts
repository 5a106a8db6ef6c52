/** Plays the story of the pictures on a board: every event comes of a command that was accepted. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunStore } from '../../src/host/run-store.ts';
import { type Attempt, attempts, type Ending, pieces, printed, remarks } from './release.ts';
import { accepted, leaseMs, machine, openStage, type Stage } from './stage.ts';

/** The ids of the tasks, by their keys. */
export type Cast = ReadonlyMap<string, string>;

interface Scene {
  readonly minutesAgo: number;
  play(): Promise<unknown>;
}

/** Of the token that every worker of the story holds. */
const tokenHash = 'a'.repeat(64);
/** Minutes between two signs of life. */
const beatMinutes = 4;
/** The assignees that workers are defined for. */
export const assignees = ['code', 'deploy', 'docs', 'research', 'test'];

/** Makes the board in a directory; answers who is who. */
export async function furnish(directory: string): Promise<Cast> {
  const stage = await openStage(directory);
  const cast = new Map<string, string>();
  const runs = new Map<string, string>();
  const scenes = [
    ...opening(stage),
    ...creations(stage, cast),
    ...attempts.flatMap((attempt) => lifeOf(stage, attempt, { cast, runs })),
    ...conversation(stage, { cast, runs }),
    ...deeds(stage, cast),
  ];
  // In the order of time; what happens in the same minute, in the order it stands here.
  scenes.sort((one, other) => other.minutesAgo - one.minutesAgo);
  try {
    for (const { minutesAgo, play } of scenes) {
      stage.goTo(minutesAgo);
      await play();
    }
  } finally {
    await stage.close();
  }
  const bytes = new TextEncoder().encode(`${printed}\n`);
  const log = { offset: 0, bytes, bytesMax: 1024 * 1024 };
  await createRunStore(directory).appendLog(runs.get('migrate') ?? '', log);
  return cast;
}

interface Parts {
  readonly cast: Map<string, string>;
  /** The run at work, or the last one, by the key of its task. */
  readonly runs: Map<string, string>;
}

function opening({ person, dispatcher, policy }: Stage): readonly Scene[] {
  const data = { policy, host: machine, bootId: 'boot', pid: process.pid, assignees };
  return [
    {
      minutesAgo: 182,
      play: () =>
        accepted(
          person('ada').changeBoard({
            type: 'CreateBoard',
            name: 'release 2.4',
            epoch: 'pictures',
          }),
        ),
    },
    {
      minutesAgo: 177,
      play: () =>
        accepted(
          dispatcher.recordDispatcher(machine, {
            type: 'DispatcherStarted',
            data: { ...data, programVersion: '0.1.0' },
          }),
        ),
    },
  ];
}

function creations({ person }: Stage, cast: Map<string, string>): readonly Scene[] {
  return pieces.map(({ key, made, after = [], ...fields }) => ({
    minutesAgo: made,
    async play() {
      const parents = after.map((parent) => cast.get(parent) ?? '');
      const { taskId } = await accepted(person('ada').create({ ...fields, parents }));
      cast.set(key, taskId);
    },
  }));
}

/** A claim, signs of life until the last one, and the end. */
function lifeOf(stage: Stage, attempt: Attempt, parts: Parts): readonly Scene[] {
  const { key, from, to = 0, end, note, progress = 1 } = attempt;
  const { dispatcher, worker } = stage;
  const lastBeat = attempt.lastBeat ?? to + 1;
  let runId = '';
  const beat = (minutesAgo: number): Scene => ({
    minutesAgo,
    play: () => {
      const share = progress * ((from - minutesAgo) / Math.max(1, from - lastBeat));
      const said = minutesAgo === lastBeat && note !== undefined ? { note } : {};
      return accepted(
        worker(runId).heartbeat(runId, {
          ...said,
          progress: Math.round(share * 100) / 100,
          tokenHash,
        }),
      );
    },
  });
  const times: number[] = [];
  for (let at = from - beatMinutes; at > lastBeat; at -= beatMinutes) times.push(at);
  const claim: Scene = {
    minutesAgo: from,
    async play() {
      const taskId = parts.cast.get(key) ?? '';
      const wanted = {
        claimedBy: machine,
        kind: 'worker',
        ttlMs: leaseMs,
        host: machine,
        tokenHash,
      } as const;
      const claimed = await accepted(dispatcher.claim(taskId, wanted));
      runId = claimed.runId;
      parts.runs.set(key, runId);
      const process = processOf(runId, parts.runs.size);
      await accepted(dispatcher.recordSpawn(runId, process, { taskId, tokenHash }));
    },
  };
  const beats = [...times, lastBeat].map(beat);
  if (end === undefined) return [claim, ...beats];
  return [claim, ...beats, { minutesAgo: to, play: () => finish(stage, runId, end) }, ...late()];

  function late(): readonly Scene[] {
    if (end?.as !== 'reclaimed') return [];
    const { lateSummary: summary } = end;
    // It is refused, and kept as such.
    return [
      {
        minutesAgo: to - 5,
        play: () => worker(runId).completeRun(runId, { summary }, { tokenHash }),
      },
    ];
  }
}

/** No such process lives. */
function processOf(runId: string, place: number) {
  const workspace = join(tmpdir(), 'release', runId);
  return {
    ...{ pid: 40_000 + place * 17, startTime: `${place}`, bootId: 'boot', host: machine },
    ...{ nonce: `nonce-${place}`, workspace, logPath: `${workspace}/log`, argv: ['agent'] },
  };
}

function finish({ dispatcher, worker }: Stage, runId: string, end: Ending): Promise<unknown> {
  switch (end.as) {
    case 'done':
    case 'review': {
      const { summary } = end;
      return accepted(
        worker(runId).completeRun(runId, { summary }, { review: end.as === 'review', tokenHash }),
      );
    }
    case 'blocked': {
      const { reason } = end;
      return accepted(
        worker(runId).blockRun(runId, { cause: 'needs_input', reason }, { tokenHash }),
      );
    }
    case 'crashed': {
      const { error } = end;
      const seen = { evidence: { exit_code: 1, last_line: error } };
      return accepted(
        dispatcher.endRun(runId, { type: 'CrashRun', exit: { exitCode: 1 }, error, ...seen }),
      );
    }
    case 'reclaimed':
      return accepted(
        dispatcher.endRun(runId, {
          type: 'ReclaimRun',
          reason: 'no sign of life for 16 minutes',
          evidence: { silent_ms: 16 * 60_000, lease_ms: leaseMs },
        }),
      );
    case 'limited': {
      const holdMs = end.holdMinutes * 60_000;
      return accepted(
        dispatcher.endRun(runId, { type: 'RateLimitRun', holdMs, evidence: { exit_code: 75 } }),
      );
    }
  }
}

function conversation({ person, worker }: Stage, { cast, runs }: Parts): readonly Scene[] {
  return remarks.map(({ key, at, by, body }) => ({
    minutesAgo: at,
    play: () => {
      const speaker = by === 'worker' ? worker(runs.get(key) ?? '') : person(by);
      const author = by === 'worker' ? 'code' : by;
      return accepted(speaker.comment(cast.get(key) ?? '', { body, author }));
    },
  }));
}

/** What people did besides. */
function deeds({ person }: Stage, cast: Cast): readonly Scene[] {
  const of = (key: string) => cast.get(key) ?? '';
  return [
    {
      minutesAgo: 132,
      play: () => accepted(person('ben').review(of('fix'), { approve: true })),
    },
    { minutesAgo: 8, play: () => accepted(person('ada').reprioritize(of('page'), 4)) },
  ];
}
