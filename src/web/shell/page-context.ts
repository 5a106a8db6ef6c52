/** What every part of the page may use, handed down without being passed along. */
import { createContext, useContext } from 'react';
import type { Ask } from '../api/client.ts';
import type { Deeds } from '../api/deeds.ts';
import type { KnownBoard } from '../api/known-board.ts';
import type { Address } from '../state/address.ts';
import type { LiveBoard } from '../state/live-board.ts';
import type { PendingMoves } from '../state/pending-moves.ts';
import type { Notices } from './notices.ts';

/** The parts of the page that outlive every view. */
export interface PageParts {
  readonly ask: Ask;
  readonly deeds: Deeds;
  readonly live: LiveBoard;
  readonly pending: PendingMoves;
  readonly notices: Notices;
  /** Reads archived tasks, too, or no longer. */
  readonly includeArchived: (wanted: boolean) => void;
  readonly label: string;
  /** The boards of this machine, as they are now; none where that is nobody's business. */
  readonly knownBoards: () => Promise<readonly KnownBoard[]>;
  /** The assignees that had a worker definition in the server's file when the page was opened. */
  readonly workers: ReadonlySet<string>;
  /** Failures in a row after which a task is halted, unless it says otherwise. */
  readonly failureLimit: number;
  /** False in the past. */
  readonly canWrite: boolean;
  /** The wall clock of the server, or of the past that is looked at, UTC ms. */
  readonly nowMs: () => number;
}

/** What is looked at, and looking elsewhere. */
export interface Looking {
  readonly address: Address;
  /** Changes what is looked at; `replace` leaves no step for the back button. */
  readonly look: (change: Partial<Address>, how?: 'replace') => void;
}

/** Carries `PageParts`. */
export const PartsContext = createContext<PageParts | undefined>(undefined);

/** Carries `Looking`. */
export const LookingContext = createContext<Looking | undefined>(undefined);

/** The parts of the page. */
export function useParts(): PageParts {
  return given(useContext(PartsContext));
}

/** What is looked at. */
export function useLooking(): Looking {
  return given(useContext(LookingContext));
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('used outside of the page');
  return value;
}
