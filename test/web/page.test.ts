/** What people do on the page, done in a browser with a real server and a real dispatcher. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished } from 'vitest';
import { hireFor } from '../cli/a-crew.ts';
import { bundleChild } from '../kit/child.ts';
import { eventually } from '../kit/eventually.ts';
import { testUnless } from '../kit/test-where.ts';
import {
  type BoardPage,
  card,
  column,
  drag,
  expectQuiet,
  pageMissing,
  servePage,
} from './a-page.ts';

const test = testUnless(pageMissing);
const timeout = 90_000;

const workers = `
drainMs: 50
retryBackoffMs: 60000
workers:
  paint: { run: [sh, -c, "echo first coat; exec sleep 60"] }
`;

describe('a person at the page', () => {
  test('drags a card only where it may go, and is told why elsewhere', { timeout }, async () => {
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        await cli.create('Paint the hull', '--triage');
        await cli.create('Sand the deck');
      },
    });
    const page = await served.open();

    await drag(page, 'Paint the hull', 'ready', () =>
      page.locator('.column.done.refused .refusal').waitFor(),
    );

    await column(page, 'ready').getByText('Paint the hull').waitFor();
    await page.getByText('to the queue.').waitFor();
    expectQuiet(served);
  });

  test('learns why a move on an old picture is refused', { timeout }, async () => {
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => void (await cli.create('Paint the hull')),
    });
    const page = await served.open();
    await page.route('**/events/stream*', () => undefined);
    await page.reload();
    const other = await served.open();

    await card(other, 'Paint the hull').click();
    await other.getByRole('button', { name: 'Title: Paint the hull. Change it' }).click();
    await other.getByLabel('Title', { exact: true }).fill('Paint the keel');
    await other.keyboard.press('Enter');
    await card(other, 'Paint the keel').waitFor();
    await card(page, 'Paint the hull').hover();
    await card(page, 'Paint the hull').getByRole('button', { name: 'to…' }).click();
    await page.getByRole('menuitem', { name: 'Done' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();

    await page.locator('.notice.bad').waitFor();
    await column(page, 'ready').getByText('Paint the hull').waitFor();
    expect(served.complaints).toEqual([expect.stringContaining('412')]);
  });

  test('is shown what others wrote before it is replaced', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'] });
    const { cli } = served;
    const hull = await cli.create('Paint the hull');
    const page = await served.open(`/?task=${hull}`);
    const stands = async () => JSON.parse((await cli.run(['show', hull, '--json'])).stdout);

    await page.getByRole('button', { name: 'Add a description' }).click();
    const body = page.getByRole('textbox', { name: 'Description, in Markdown' });
    await body.fill('Two coats.');
    await cli.run(['edit', hull, '--body', 'Stop: the paint is toxic.']);
    await page.getByRole('alert').getByText('the paint is toxic').waitFor();
    expect(await body.inputValue()).toBe('Two coats.');
    expect((await stands()).body).toBe('Stop: the paint is toxic.');
    await page.getByRole('button', { name: 'Replace it with mine' }).click();
    await page.getByRole('button', { name: 'Change the description' }).waitFor();
    expect((await stands()).body).toBe('Two coats.');

    await page.getByRole('button', { name: 'Title: Paint the hull. Change it' }).click();
    const title = page.getByRole('textbox', { name: 'Title' });
    await title.fill('Paint the keel');
    await cli.run(['edit', hull, '--title', 'Paint nothing', '--branch', 'dry']);
    await page.getByRole('button', { name: 'Branch: dry. Change it' }).waitFor();
    await title.press('Enter');
    await page.getByText('It is “Paint nothing” now.').waitFor();
    await title.press('Enter');
    await card(page, 'Paint the keel').waitFor();
    expectQuiet(served);
  });
});

describe('the archive', () => {
  test('is shown when it is asked for, and gives a task back', { timeout }, async () => {
    const served = await servePage({
      options: ['--no-dispatch'],
      before: async (cli) => {
        const hull = await cli.create('Paint the hull');
        await cli.run(['archive', hull]);
        await cli.create('Sand the deck');
      },
    });
    const page = await served.open();
    await card(page, 'Sand the deck').waitFor();
    expect(await card(page, 'Paint the hull').count()).toBe(0);

    await page.getByRole('button', { name: 'Archive' }).click();
    await column(page, 'archived').getByText('Paint the hull').waitFor();
    await card(page, 'Paint the hull').getByRole('button', { name: 'Paint the hull' }).click();
    await page.locator('.drawer').getByRole('button', { name: 'Restore' }).click();

    await column(page, 'ready').getByText('Paint the hull').waitFor();
    expect(page.url()).toContain('archived=1');
    expectQuiet(served);
  });
});

describe('a page that is open', () => {
  test('shows within seconds that a dispatcher was killed', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'] });
    const dispatcher = await startElsewhere(served);
    const page = await served.open();
    await page.clock.install();
    await page.reload();
    const pill = page.locator('.pill');
    await pill.getByText('0/3 running').waitFor();

    dispatcher.kill('SIGKILL');
    await once(dispatcher, 'exit');
    await page.clock.fastForward(10_000);

    await pill.getByText('no dispatcher').waitFor();
    expectQuiet(served);
  });

  test('shows that a worker was killed, and what becomes of its task', { timeout }, async () => {
    const served = await servePage({
      config: workers,
      before: async (cli) => void (await cli.create('Paint the hull', '--assignee', 'paint')),
    });
    const { cli } = served;
    const page = await served.open();
    await column(page, 'running').getByText('Paint the hull').waitFor();
    const [task] = await cli.json<{ id: string }[]>(['list']);
    const pid = await eventually('the worker is known', async () => {
      const [run] = await cli.json<{ pid: number | null }[]>(['runs', task?.id ?? '']);
      return run?.pid;
    });

    process.kill(-pid, 'SIGKILL');

    await column(page, 'waiting').getByText('backs off until').waitFor();
    await column(page, 'waiting').getByText('try 1/2').waitFor();
    expectQuiet(served);
  });

  test('tells of a stale write that was refused', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'] });
    const { cli } = served;
    const task = await cli.create('Paint the hull', '--assignee', 'paint');
    const { given } = await hireFor(cli, task);
    const page = await served.open();
    await column(page, 'running').getByText('Paint the hull').waitFor();
    await card(page, 'Paint the hull').getByRole('button', { name: 'Paint the hull' }).click();
    await page.locator('.drawer').getByRole('button', { name: 'Reclaim' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reclaim' }).click();
    await column(page, 'ready').getByText('Paint the hull').waitFor();

    await cli.run(['complete', task, '--summary', 'Two coats.'], given);

    await page.getByText('a stale complete was refused').waitFor();
    await card(page, 'Paint the hull').getByText('1 refused').waitFor();
    await page.locator('.drawer').getByText('in review').waitFor({ state: 'detached' });
    expectQuiet(served);
  });

  test('says when it has lost the server, and goes on where it was', { timeout }, async () => {
    const served = await servePage({ options: ['--no-dispatch'] });
    const page = await served.open();
    const start = await served.stop();
    await page.getByText('reconnecting').waitFor();
    await served.cli.create('Paint the hull');

    await start();

    await card(page, 'Paint the hull').waitFor();
    await page.locator('.freshness.live').waitFor();
  });
});

/** Another process that serves the same board; answers when its dispatcher is at work. */
async function startElsewhere({ cli }: BoardPage): Promise<ChildProcess> {
  const program = await bundleChild(fileURLToPath(new URL('../../src/bin.ts', import.meta.url)));
  const line = ['serve', '--port', '0', '--board', join(cli.directory, '.logboard')];
  const env = { ...process.env, LOGBOARD_HOME: cli.home };
  const child = spawn(process.execPath, [program, ...line], { env, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await eventually('the dispatcher is at work', async () => {
    return (await cli.json<unknown[]>(['dispatchers'])).length === 1;
  });
  return child;
}
