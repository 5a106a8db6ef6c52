/** A board made of an incident file: everything can be asked, and nothing changed. */
import { openProjections } from '../../../projections/run.ts';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import type { IncidentEnd, IncidentHeader } from '../../log/incident/format.ts';
import { createIncidentLog } from '../../log/incident/incident-log.ts';
import { type IncidentFile, type OnRead, openIncidentFile } from '../../log/incident/read.ts';
import type { Timers } from '../../log/ports.ts';
import type { Board } from '../board.ts';
import { createPastBoard } from '../past-board.ts';

/** An incident file, open, and the board it shows. */
export interface Incident {
  /** As it was when the file was saved; closing it closes the file. */
  readonly board: Board;
  readonly header: IncidentHeader;
  readonly end: IncidentEnd;
  /** Size of the file. */
  readonly bytes: number;
  /** What a run had printed; the empty text where the file has none of it. */
  output(runId: string): { readonly text: string; readonly cut: boolean };
}

/**
 * Verifies and opens a file. Its board's clock stands at the moment it was seen from when it was
 * saved. Throws like `openIncidentFile`.
 */
export async function openIncident(
  path: string,
  timers: Timers,
  onRead?: OnRead,
): Promise<Incident> {
  const file = openIncidentFile(path, onRead);
  const { header, end, bytes } = file;
  const log = createIncidentLog(file);
  try {
    const projections = await openProjections({ log, timers, path: ':memory:' });
    const { position, atMs } = header.head;
    const policy = () => ({ ...defaultPolicy, ...header.policy }) as Policy;
    const board = createPastBoard({ log, projections, place: { position, atMs }, policy });
    return { board, header, end, bytes, output: outputIn(file) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

function outputIn(file: IncidentFile): Incident['output'] {
  return (runId) => {
    const { text, cut } = file.output(runId) ?? { text: '', cut: false };
    return { text, cut };
  };
}
