/**
 * What the command line needs from the rest of the house. Only `main.ts` knows the real parts, and
 * builds this from them; here are promises only.
 */
import type { Board } from '../app/board.ts';
import type { Incident } from '../app/incident/incident-board.ts';
import type { WorkWanted } from '../app/work-wanted.ts';
import type { Config } from '../config.ts';
import type { JsonObject } from '../domain/limits.ts';
import type { Policy } from '../domain/policy.ts';
import type { HandOff } from '../domain/task/events.ts';
import type { EventLog, Position, StoredEvent } from '../log/event-log.ts';
import type { Clock, Timers } from '../log/ports.ts';
import type { PageRole } from '../wire/page-role.ts';
import type { OnProgress, Upkeep } from './upkeep.ts';

/** How to open a board. */
export interface OpenRequest {
  /** `read` writes nothing to the log; `create` makes what is not there. */
  readonly access: 'read' | 'write' | 'create';
  /** The policy in force; the defaults when left out, which is right for reading only. */
  readonly policy: Policy | (() => Policy) | undefined;
  /** Whether the text of new tasks is encrypted; what the board remembers when left out. */
  readonly encrypt?: boolean | undefined;
  /** Hears how far a rebuild of the tables is, when opening the board takes one. */
  readonly onRebuild?: OnProgress;
  /** Where its log is (`esdb://…`); where the directory says, when left out. */
  readonly log?: string | undefined;
  /** Hears of trouble with a cluster that is being waited out. */
  readonly onLogTrouble?: (trouble: { readonly message: string }) => void;
}

/** How to follow a log. */
export interface LogFollowing {
  /** Begins after this place. */
  readonly after: Position;
  readonly signal: AbortSignal;
  /** Hears, in a sentence, of trouble that is being waited out. */
  onTrouble(trouble: string): void;
}

/** Which output of a run to read. */
export interface RunLogWanted {
  /** Only the last lines. */
  readonly tail?: number;
}

/** A file that could not be kept as an artifact. */
export interface SkippedFile {
  readonly path: string;
  readonly why: string;
}

/** A board to dispatch for. */
export interface FleetPlace {
  readonly board: Board;
  readonly directory: string;
  /** The configuration in force. */
  config(): Config;
  /** Hears what the dispatcher does. */
  report(what: string, facts: JsonObject): void;
}

/** A dispatcher at work. */
export interface StartedDispatcher {
  /** Has it look now. */
  nudge(): void;
  /** Says in the log what it acts by from now on. Rejects when the log cannot be written. */
  announce(next: Config): Promise<void>;
}

/** A configuration that is kept up to date with its file. */
export interface LiveConfig {
  /** The one in force. */
  now(): Config;
  /** Looks after the file until the signal; resolves then. */
  follow(around: FollowingConfig, signal: AbortSignal): Promise<void>;
}

/** Who takes part when a configuration changes. */
export interface FollowingConfig {
  /** Goes before a new one is in force; when it rejects, it is tried again later. */
  announce(next: Config): Promise<void>;
  /** It is in force. */
  changed(): void;
  report(what: string, facts: JsonObject): void;
}

/** A board to serve. */
export interface ServedPlace extends FleetPlace {
  /** Where its HTTP door is, for workers. */
  readonly url?: string | undefined;
  /** Hears once the dispatcher works. */
  onStart?(dispatcher: StartedDispatcher): void;
}

/** A board to open the HTTP door of. */
export interface DoorPlace extends FleetPlace {
  readonly label: string;
  /** What a pass of a dispatcher would do. */
  plan(): Promise<DispatchPlan>;
  /** In whose name an operator's token acts. */
  readonly operatorName: string;
}

/** Where the HTTP door is to be. */
export type DoorWanted =
  | { readonly socket: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly orAnyPort: boolean;
      readonly allowRemote: boolean;
      readonly knownAs: readonly string[];
    };

/** The HTTP door, open. */
export interface OpenedDoor {
  /** Where this machine finds it; of a socket file, its path. */
  readonly address: string;
  /** What to open in a browser. */
  readonly page: string;
  /** Undefined of a socket file. */
  readonly port: number | undefined;
  /** The port that was to be, where it was taken and another one had to do. */
  readonly portTaken?: number;
  /** The file with the operator's token. */
  readonly tokenFile: string;
  /** A code that signs one browser in, once. */
  newCode(): string;
  /** There is a dispatcher beside it, which can be made to look. */
  attach(nudge: () => void): void;
  close(): Promise<void>;
}

/** One thing a dispatcher does, or would do. */
export interface PlannedAction {
  readonly do: string;
  readonly taskId?: string;
  readonly runId?: string;
  readonly assignee?: string;
}

/** What one pass of a dispatcher comes to. */
export interface DispatchPlan {
  readonly actions: readonly PlannedAction[];
  readonly waits: readonly {
    readonly subject: string;
    readonly until: string;
    readonly forMs: number;
  }[];
}

/** Starting and watching workers. */
export interface Fleet {
  /** Something about this process that operators should know. */
  readonly warning: string | undefined;
  /** Dispatches until the signal, then stops; workers go on. */
  serve(place: ServedPlace, signal: AbortSignal): Promise<void>;
  /** Makes one pass. */
  once(place: FleetPlace): Promise<DispatchPlan>;
  /** What one pass would do. */
  plan(place: FleetPlace): Promise<DispatchPlan>;
}

/** What to work on for a board elsewhere, and where the right to it stands. */
export interface RemoteOrder extends WorkWanted {
  readonly tokenFile: string;
}

/** Works until the signal, or one task was taken; answers how many were. */
export type RemoteWork = (
  order: RemoteOrder,
  around: {
    readonly stopped: AbortSignal;
    tell(what: string, facts: Readonly<Record<string, string | number>>): void;
  },
) => Promise<number>;

/** Asks a door of the board in this directory for a link. Throws when there is none. */
export type SignIn = (directory: string, role: PageRole) => Promise<string>;

/** The house, as its command line sees it. */
export interface Root {
  readonly version: string;
  readonly nodeVersion: string;
  /** Format of the log that this program writes. */
  readonly logFormat: number;
  /** Where this user's boards and the state of this host live. */
  readonly home: string;
  /** For people only. */
  readonly hostname: string;
  /** For what goes on in time, such as a replay. */
  readonly clock: Clock;
  readonly timers: Timers;

  /** Whether there is a board in the directory, sound or not; false where nobody may look. */
  hasBoard(directory: string): boolean;
  /** The same of a board that was chosen. Throws where it may not be read. */
  seeBoard(directory: string): boolean;
  openBoard(directory: string, request: OpenRequest): Promise<Board>;
  /** Reads the configuration; `file` was named on the command line. Throws `ConfigError`. */
  loadConfig(file: string | undefined, flags?: Readonly<Record<string, unknown>>): Promise<Config>;

  /** The same, for a program that goes on: from `first`, which these flags win over. */
  liveConfig(first: Config, flags: Readonly<Record<string, unknown>>): Promise<LiveConfig>;

  /**
   * Verifies and opens an incident file. Throws `IncidentDamaged`, `IncidentUnknown`, or what the
   * file system says no with.
   */
  openIncident(file: string, onProgress?: OnProgress): Promise<Incident>;
  /** The hash of the run token in a file; undefined when the file cannot be read. */
  readTokenHash(file: string): string | undefined;
  /** Copies files of a workspace into the board, where they outlive it. */
  keepArtifacts(
    directory: string,
    wanted: { readonly workspace: string; readonly paths: readonly string[] },
  ): Promise<{
    readonly kept: NonNullable<HandOff['artifacts']>;
    readonly skipped: readonly SkippedFile[];
  }>;

  /** The pages of the log after a position, forever, until the signal. */
  follow(log: EventLog, following: LogFollowing): AsyncIterable<readonly StoredEvent[]>;
  /** The end of a run's output. `cut`: there is more before it. */
  readRunLog(
    directory: string,
    runId: string,
    wanted: RunLogWanted,
  ): Promise<{ readonly text: string; readonly cut: boolean }>;
  /** The same, and what is printed from then on, until the signal. */
  followRunLog(
    directory: string,
    runId: string,
    wanted: RunLogWanted & { readonly signal: AbortSignal },
  ): AsyncIterable<{ readonly text: string; readonly afterGap: boolean }>;

  /** Both are loaded when they are needed. */
  upkeep(): Promise<Upkeep>;
  fleet(): Promise<Fleet>;
  /** Takes tasks of a board elsewhere. Throws when its door says no. */
  readonly work: RemoteWork;
  /** A link that signs a browser in, from whoever serves the board on this host. */
  readonly signIn: SignIn;
  /** Opens the HTTP door of a board. Throws what refuses the address. */
  openDoor(place: DoorPlace, where: DoorWanted): Promise<OpenedDoor>;
  /**
   * Keeps a damaged log as it was found; answers where, or undefined when that was done before. No
   * board of this directory may be open in this process.
   */
  quarantine(boardDirectory: string): Promise<string | undefined>;
}
