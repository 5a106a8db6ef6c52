/** What a handler is given: the board in the name of who asks. */
import { createHash } from 'node:crypto';
import type { EventMeta } from '../domain/event.ts';
import type { Position } from '../log/event-log.ts';
import { callerOf, type Principal } from './principal.ts';
import { DoorProblem, doorProblem } from './problem.ts';
import type { Call } from './route.ts';

/** What is known of a call before its handler runs. */
export type Known = Omit<Call, 'caller' | 'commands' | 'read' | 'earlier'> & {
  /** The id that the key of the request stands for. */
  readonly commandId: string | undefined;
  /** The task whose revision may be named. */
  readonly revisionOf: string | undefined;
};

/** Events of a stream that are looked through for a command. */
const lookBackMax = 1_000;

/** The call. */
export function callOf({ commandId, revisionOf, ...known }: Known): Call {
  const { board, parts, request, principal } = known;

  function caller() {
    if (principal === undefined) throw new Error('a route for everybody sends no commands');
    const version = revisionIn(request);
    const seen =
      version === undefined || revisionOf === undefined
        ? {}
        : { seen: { taskId: revisionOf, version } };
    return { ...callerOf(principal, parts.operatorName, commandId), ...seen };
  }

  async function earlier(stream: string): Promise<Position | undefined> {
    if (commandId === undefined) return undefined;
    const from = { direction: 'backward', limit: lookBackMax } as const;
    const events = await board.log.readStream(stream, from);
    const own = events.find(({ meta }) => isOf(commandId, meta));
    return own?.position;
  }

  return {
    ...known,
    caller,
    commands: () => board.as(caller()),
    earlier,
    read: async () => {
      const queries = await board.read();
      const { position } = board.past ?? board.projections.checkpoint();
      return { queries, position, nowMs: board.nowMs() };
    },
  };
}

/** Most events are of other commands, and seen to be without being parsed. */
function isOf(commandId: string, meta: string): boolean {
  return meta.includes(commandId) && (JSON.parse(meta) as EventMeta).commandId === commandId;
}

const keyPattern = /^[\x21-\x7e]{1,200}$/;

/**
 * The id of the command that the key of a request stands for: the same key from the same hands,
 * sent to the same place, is the same command. Undefined without a key. Throws `DoorProblem`.
 */
export function commandIdOf(request: Request, principal: Principal): string | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (!keyPattern.test(key)) {
    const hint = 'Use 1 to 200 visible characters, such as a UUID.';
    throw new DoorProblem(doorProblem('bad_request', 'The Idempotency-Key is malformed.', hint));
  }
  const whose = principal.role === 'run' ? principal.runId : principal.role;
  const { pathname } = new URL(request.url);
  const said = [whose, request.method, pathname, key].join('\n');
  return `http-${createHash('sha256').update(said).digest('hex')}`;
}

/** `If-Match: "7"`; undefined when any revision will do. */
function revisionIn(request: Request): number | undefined {
  const text = request.headers.get('if-match');
  if (text === null || text.trim() === '*') return undefined;
  const [, version] = /^"?(\d{1,15})"?$/.exec(text.trim()) ?? [];
  if (version !== undefined) return Number(version);
  const hint = 'Give the version of the task: If-Match: "7".';
  throw new DoorProblem(doorProblem('bad_request', 'The If-Match is malformed.', hint));
}
