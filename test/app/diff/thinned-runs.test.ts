/** An attempt whose beats were thinned out is read like any other: what is left, once each. */
import { expect, onTestFinished, test } from 'vitest';
import { openProjections } from '../../../projections/run.ts';
import { runStory } from '../../../src/app/diff/run-story.ts';
import { beganAtMs, writeBeatingRuns } from '../../kit/beating-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { thinAll } from '../../kit/thin-log.ts';
import { realPorts } from '../../log/real-ports.ts';
import { openLog } from '../../log/sqlite/open-for-test.ts';

const notes: Readonly<Record<number, string>> = { 0: 'sanding', 40: 'painting', 80: 'sanding' };

test('a thinned attempt says its last words once', async () => {
  const log = await openLog(tempDir());
  const says = (beat: number) => (notes[beat] === undefined ? {} : { note: notes[beat] });
  await writeBeatingRuns(log, { runs: 1, beats: 100, says });
  const projections = await openProjections({ log, timers: realPorts.timers, path: ':memory:' });
  onTestFinished(() => projections.close());
  await projections.catchUp();
  const { queries } = projections;
  const [task] = queries.tasks({}, {}, beganAtMs);
  const [run] = queries.runs(task?.taskId ?? '');
  const said = async () => {
    const story = await runStory(log, queries, run?.runId ?? '');
    return story.refused ? undefined : story.notes;
  };

  expect(await said()).toEqual(['sanding', 'painting', 'sanding']);
  expect(await thinAll(log, beganAtMs + 365 * 86_400_000)).toBeGreaterThan(50);
  expect(await said()).toEqual(['painting', 'sanding']);
});
