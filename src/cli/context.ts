/** Puts together what a verb is given, and closes what it opened. */
import { boardPlace, clusterNamed, noSuchBoard } from './board-place.ts';
import { boardThen } from './board-then.ts';
import { callerOf, ownRun } from './caller.ts';
import { onIncident } from './incident-context.ts';
import type { Io } from './io.ts';
import { Refused } from './problem.ts';
import { type Call, describeVerbs } from './program.ts';
import { withProgress } from './progress.ts';
import type { OpenRequest, Root } from './root.ts';
import { plainLine } from './sanitize.ts';
import { styleFor } from './style.ts';
import type { BoardContext, Context } from './verb.ts';

/** A context and the way to close the boards that were opened through it. */
export interface OpenContext {
  readonly context: Context;
  close(): Promise<void>;
}

/** What reading goes by. */
const nothing = { policy: undefined, encrypt: undefined, log: undefined };

/** The context of one command line. */
export function createContext({ globals, verb }: Call, io: Io, root: Root): OpenContext {
  const { environment, directory, userHome } = io;
  const opened: BoardContext['board'][] = [];
  const cluster = clusterNamed(globals.log) ?? (environment['LOGBOARD_LOG'] || undefined);
  let unflagged: ReturnType<Context['config']> | undefined;

  const config: Context['config'] = (flags) => {
    if (flags !== undefined) return readConfig(flags);
    unflagged ??= readConfig();
    return unflagged;
  };

  async function readConfig(flags?: Parameters<Context['config']>[0]) {
    const read = await root.loadConfig(globals.config, flags);
    for (const each of read.warnings) warn({ message: each });
    return read;
  }

  function warn({ message }: { readonly message: string }): void {
    io.stderr.write(`${context.talk.paint('warn', 'warning')}  ${plainLine(message)}\n`);
  }

  const onBoard: Context['onBoard'] = async (access, given) => {
    if (globals.log !== undefined && cluster === undefined) {
      const on = await onIncident(context, globals.log);
      opened.push(on.board);
      return atMoment(on);
    }
    const { place } = context;
    if (access !== 'create') context.existingPlace();
    // Reading needs no policy, and no time spent on finding out about it.
    const isReading = access === 'read';
    const config = given ?? (isReading ? nothing : await context.config());
    const { policy, encrypt, log } = { ...config, log: cluster ?? config.log };
    const board = await withProgress(context, (tell) => {
      const onRebuild: NonNullable<OpenRequest['onRebuild']> = (progress) =>
        tell('rebuilding', progress);
      const mode = access === 'report' ? 'write' : access;
      const on = { onRebuild, onLogTrouble: warn };
      return root.openBoard(place.directory, { access: mode, policy, encrypt, log, ...on });
    });
    opened.push(board);
    const on = { ...context, board, commands: () => board.as(context.caller()) };
    if (access === 'write' || access === 'create') await refuseStaleWorker(on);
    return atMoment(on);
  };

  /** The board as it was, to a verb that looks at the one moment that was named. */
  async function atMoment(on: BoardContext): Promise<BoardContext> {
    const [moment] = globals.at ?? [];
    if (moment === undefined || verb.takesAt !== 'once') return on;
    const past = await boardThen(on.board, moment, context);
    opened.unshift(past);
    return { ...on, board: past, commands: () => past.as(context.caller()) };
  }

  const context: Context = {
    io,
    root,
    style: styleFor(io.stdout, io, globals.color),
    talk: styleFor(io.stderr, io, globals.color),
    isJson: globals.json === true,
    moments: globals.at ?? [],
    // Looked at when it is needed: a worker whose board makes no sense still gets its answer.
    get place() {
      return boardPlace(globals.board, { environment, directory, userHome, home: root.home });
    },
    configFile: globals.config,
    config,
    caller: () => callerOf(environment, globals.as),
    existingPlace: () => {
      const isKnown = cluster !== undefined || root.seeBoard(context.place.directory);
      if (!isKnown) throw noSuchBoard(context.place);
      return context.place;
    },
    describeVerbs,
    onBoard,
  };

  async function close(): Promise<void> {
    for (const board of opened) await board.close();
  }

  return { context, close };
}

/**
 * Whoever merely inherited the environment of a run that is over can do nothing with it. A board
 * that does not know the run is none of its business.
 */
async function refuseStaleWorker({ board, io, root, caller }: BoardContext): Promise<void> {
  const own = ownRun(io.environment);
  if (own === undefined) return;
  const tokenHash = root.readTokenHash(io.environment['LOGBOARD_RUN_TOKEN_FILE'] ?? '');
  const answer = await board.as(caller()).actBeside(own.runId, { tokenHash });
  if (answer.refused && answer.code !== 'no_such_run') throw new Refused(answer);
}
