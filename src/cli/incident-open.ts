/** `incident open`: is a file sound, and what is in it? */
import { resolve } from 'node:path';
import type { Incident } from '../app/incident/incident-board.ts';
import { incidentJson, incidentText } from './incident-summary.ts';
import { withProgress } from './progress.ts';
import type { Answer, Context } from './verb.ts';

/** Verifies a file and says what it is about. Rejects like `Root.openIncident`. */
export function openAnswer(context: Context, named: string): Promise<Answer> {
  const { io, style } = context;
  return onIncidentFile(context, named, async (incident, file) => {
    if (context.isJson) {
      const json = await incidentJson(file, incident);
      return { json: () => json };
    }
    const text = await incidentText(named, incident, { style, nowMs: io.nowMs() });
    return { text: () => text };
  });
}

/** Does something with a file that was named, and closes it. */
export async function onIncidentFile<T>(
  context: Context,
  named: string,
  work: (incident: Incident, file: string) => Promise<T>,
): Promise<T> {
  const file = resolve(context.io.directory, named);
  const incident = await withProgress(context, (tell) =>
    context.root.openIncident(file, (progress) => tell('verifying', progress)),
  );
  try {
    return await work(incident, file);
  } finally {
    await incident.board.close();
  }
}
