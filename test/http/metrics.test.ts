/** What monitoring is told. */
import { expect, test } from 'vitest';
import { accepted, ada, dispatcher, workerOf } from '../kit/callers.ts';
import { eventually } from '../kit/eventually.ts';
import { openHouse } from './a-door.ts';

test('the figures say what stands and what happens, whoever does it', async () => {
  const house = await openHouse();
  const metrics = async () => (await house.ask('/metrics', { who: 'reader' })).json as string;
  await metrics();
  const commands = house.board.as(ada);
  const { taskId } = await accepted(commands.create({ title: 'Rig', assignee: 'painter' }));
  const { runId } = await accepted(house.board.as(dispatcher).claim(taskId));
  const running = await metrics();
  await accepted(commands.reclaim(taskId, 'too slow'));
  const late = await house.board.as(workerOf(runId)).completeRun(runId, {});

  const text = await eventually('the refusal is counted', async () => {
    const found = await metrics();
    return found.includes('logboard_stale_writes_refused_total 1') && found;
  });

  expect(late).toMatchObject({ refused: true, code: 'stale_run' });
  expect(running).toContain('logboard_running{assignee="painter"} 1');
  expect(text).not.toContain('logboard_running{assignee="painter"}');
  expect(text).toContain('logboard_runs_ended_total{outcome="reclaimed",by="human"} 1');
  expect(text).toContain('logboard_claim_wait_seconds_count 1');
  expect(text).toContain('logboard_events_total{type="TaskCreated"} 1');
  expect(text).toContain('logboard_tasks{status="ready"} 1');
  expect(text).toContain('logboard_projection_lag 0');
  expect(text).toMatch(/logboard_appends 5\n/);
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
});

test('requests are counted by their routes, never by what was asked for', async () => {
  const house = await openHouse();
  const text = async () => (await house.ask('/metrics', { who: 'reader' })).json as string;
  await text();
  for (let at = 0; at < 20; at += 1) {
    await house.ask(`/api/v1/tasks/T-00000000${10 + at}`);
    await house.ask(`/nothing/${at}`);
    await house.ask(`/api/v1/tasks?limit=${at + 1}`);
  }
  await house.ask('/api/v1/board', { method: 'POST', body: {} });
  await house.ask('/api/v1/board', { who: 'nobody' });

  const found = await text();

  const counted = found.split('\n').filter((line) => /^logboard_http_requests_total/.test(line));
  expect(counted.sort()).toEqual([
    'logboard_http_requests_total{method="GET",route="/api/v1/board",status="4xx"} 1',
    'logboard_http_requests_total{method="GET",route="/api/v1/tasks",status="2xx"} 20',
    'logboard_http_requests_total{method="GET",route="/api/v1/tasks/{taskId}",status="4xx"} 20',
    'logboard_http_requests_total{method="GET",route="/metrics",status="2xx"} 1',
    'logboard_http_requests_total{method="any",route="none",status="4xx"} 21',
  ]);
  expect(found).toContain(
    'logboard_http_request_seconds_count{method="GET",route="/api/v1/tasks"} 20',
  );
});
