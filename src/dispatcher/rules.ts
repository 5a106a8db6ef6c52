/** What a dispatcher acts by, and what the log is told of it. */
import type { Commands } from '../app/commands.ts';
import type { DispatcherEvent } from '../domain/dispatcher/events.ts';
import type { Policy } from '../domain/policy.ts';
import type { Report } from './ports.ts';
import { servedBy, type WorkerDefinitions } from './worker-definition.ts';

/** What a dispatcher acts by. */
export interface Rules {
  readonly policy: Policy;
  readonly definitions: WorkerDefinitions;
  /** What the host offers; worker definitions may require it. */
  readonly capabilities: readonly string[];
}

/** Who a dispatcher is, apart from its rules. */
export type Who = Omit<
  Extract<DispatcherEvent, { type: 'DispatcherStarted' }>['data'],
  'policy' | 'assignees' | 'workers'
>;

/** Tells the log by which rules one dispatcher acts. Both reject when it cannot be written. */
export interface Telling {
  /** It begins. Answers whom it starts workers for, in the order of the names. */
  begin(who: Who, rules: Rules): Promise<readonly string[]>;
  /** It acts by other rules; nothing is told that has been told, or before it has begun. */
  change(rules: Rules): Promise<void>;
}

/** Nothing is told yet. */
export function createTelling(deps: {
  readonly dispatcherId: string;
  readonly commands: Pick<Commands, 'recordDispatcher' | 'changeBoard'>;
  readonly report: Report;
}): Telling {
  const { dispatcherId, commands, report } = deps;
  let told: string | undefined;

  async function begin(who: Who, rules: Rules): Promise<readonly string[]> {
    const acting = recorded(rules);
    const data = { ...acting, ...who };
    await commands.recordDispatcher(dispatcherId, { type: 'DispatcherStarted', data });
    told = JSON.stringify(acting);
    return acting.assignees;
  }

  async function change(rules: Rules): Promise<void> {
    const acting = recorded(rules);
    const text = JSON.stringify(acting);
    if (told === undefined || text === told) return;
    const { policy, ...served } = acting;
    const dispatcher = { id: dispatcherId, ...served };
    const answer = await commands.changeBoard({ type: 'ChangePolicy', policy, dispatcher });
    if (answer.refused) report('refused', { code: answer.code, message: answer.message });
    else told = text;
  }

  return { begin, change };
}

/** The part of the rules that the log is told of: always the same text for the same rules. */
function recorded({ policy, definitions, capabilities }: Rules) {
  return { policy, ...servedBy(definitions, capabilities) };
}
