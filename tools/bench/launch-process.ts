/**
 * Launchers and nothing around them: what this machine can start, and how long an event loop with
 * hardly anything to do stands still beside it. A dispatcher can do no better.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launcherCommand } from '../../src/host/launcher.ts';
import { createLaunchers } from '../../src/host/launchers.ts';
import { watchLoop } from './loop-delay.ts';
import { inFlight, monotonicMs } from './measure.ts';

const [directory = '', count = '0', maxRunning = '1'] = process.argv.slice(2);
const environment = { PATH: process.env['PATH'] ?? '' };
const launchers = createLaunchers();
mkdirSync(directory, { recursive: true });

// Whoever waits for the end of a worker is not kept alive by that.
const stayUp = setInterval(() => {}, 60_000);
const each = Number(count);
await inFlight(each, Number(maxRunning), launchOne);
const loop = watchLoop();
const startedAtMs = monotonicMs();
await inFlight(each, Number(maxRunning), (index) => launchOne(each + index));
const perSecond = (each * 1_000) / (monotonicMs() - startedAtMs);
process.stdout.write(`${JSON.stringify({ perSecond, ...loop.stop() })}\n`);
clearInterval(stayUp);
launchers.close();

async function launchOne(index: number): Promise<void> {
  const path = join(directory, String(index));
  const launcher = await launchers.start({
    make: [{ is: 'directory', path }],
    launcher: launcherCommand(join(path, 'exit')),
    argv: ['true'],
    cwd: directory,
    environment,
    logPath: join(path, 'log'),
  });
  if (!launcher.started) throw new Error(launcher.detail);
  launcher.letGo();
  await launcher.ended;
}
