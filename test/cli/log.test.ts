/** What `log` says about output that is not all there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runDirectory } from '../../src/host/run-directory.ts';
import { commandLine } from './command-line.ts';

async function claimed() {
  const cli = commandLine();
  const { runId } = await cli.json<{ runId: string }>(['claim', await cli.create('x')]);
  return { cli, runId, files: runDirectory(join(cli.directory, '.logboard'), runId) };
}

test('a run without output here may have printed something that is gone', async () => {
  const { cli, runId } = await claimed();

  const { stdout, stderr } = await cli.run(['log', runId]);

  expect(stdout).toBe('');
  expect(stderr).toContain('printed nothing, ran elsewhere, or gc removed it');
});

test('output whose beginning was dropped is told to be the end', async () => {
  const { cli, runId, files } = await claimed();
  mkdirSync(dirname(files.log), { recursive: true });
  writeFileSync(files.olderLog, 'half a line\n');
  writeFileSync(files.log, 'the last words\n');

  const all = await cli.run(['log', runId]);
  const last = await cli.run(['log', runId, '--tail', '1']);

  expect((await cli.json(['log', runId])).cut).toBe(true);
  expect(all.stderr).toContain('what came before is gone');
  expect(last.stderr).toBe('');
});
