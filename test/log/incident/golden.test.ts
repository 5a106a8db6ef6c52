/** Incident files of format version 1 open for ever: this one is never written again. */
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openIncident } from '../../../src/app/incident/incident-board.ts';
import { everything } from '../an-event.ts';
import { realPorts } from '../real-ports.ts';

const path = fileURLToPath(new URL('./golden/incident.v1.jsonl', import.meta.url));

it('a file of format version 1 opens, and says what it always said', async () => {
  const incident = await openIncident(path, realPorts.timers);
  onTestFinished(() => incident.board.close());
  const { board, header, end, output } = incident;
  const [whole = ''] = header.tasks.whole;
  const queries = await board.read();
  const task = queries.task(whole, board.nowMs());
  const events = await everything(board.log);
  const said = {
    header: { ...header, policy: header.policy.claimTtlMs },
    end,
    task: { title: task?.title, body: task?.body, status: task?.status, handOff: task?.handOff },
    runs: queries.runs(whole).map(({ outcome }) => outcome),
    refused: queries.refused().map(({ attempted }) => attempted),
    types: events.map(({ position, type }) => `${position} ${type}`),
    output: output(queries.runs(whole)[0]!.runId),
  };
  const text = `${JSON.stringify(said, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('golden/incident.v1.json');
});
