/** Much output: it is written in pieces, and waits for whoever reads it. */
import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

const long = 'y'.repeat(1_000_000);

/** A folder with so many tasks of a long text. */
async function folderOf(tasks: number) {
  const cli = commandLine();
  for (let task = 0; task < tasks; task += 1) {
    await cli.run(['create', `task ${task}`, '--body-file', '-'], { stdin: long });
  }
  return cli;
}

/** What was written between two waits for the reader, in characters. */
function pieces() {
  const written: number[] = [0];
  return {
    written,
    setting: {
      onStdout: (text: string) => {
        written[written.length - 1]! += text.length;
      },
      drained: async () => void written.push(0),
    },
  };
}

test('the log of long texts waits for its reader after 16 Mi characters', async () => {
  const cli = await folderOf(19);
  const { written, setting } = pieces();
  const { stdout } = await cli.run(['events'], setting);
  expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(19);
  expect(written.length).toBe(3);
  expect(Math.max(...written)).toBeLessThan(18 * 1_048_576);
});

test('a long list waits for its reader after every long task', async () => {
  const cli = await folderOf(3);
  const { written, setting } = pieces();
  const { stdout } = await cli.run(['list', '--json'], setting);
  expect(JSON.parse(stdout)).toHaveLength(3);
  expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout))}\n`);
  expect(written.filter((chars) => chars > 1_000_000)).toHaveLength(3);
});
