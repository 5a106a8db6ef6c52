/** A replay on a real terminal, which is given back as it was however the replay ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { terminalOf } from '../../../src/host/terminal.ts';
import { bundleChild } from '../../kit/child.ts';
import { eventually } from '../../kit/eventually.ts';
import { type CommandLine, commandLine } from '../command-line.ts';

const program = await bundleChild(fileURLToPath(new URL('../../../src/bin.ts', import.meta.url)));

const entered = '\x1b[?1049h';
const left = '\x1b[?1049l';

interface OnTerminal {
  /** Everything the terminal was sent. */
  output(): string;
  press(keys: string): void;
  /** Of the program itself. */
  pid(): number;
  readonly ended: Promise<unknown>;
}

async function aBoard(): Promise<CommandLine> {
  const cli = commandLine();
  await cli.create('Paint the hull');
  await cli.create('Rig the mast');
  return cli;
}

/** Types a command line at a terminal, between two looks at how the terminal is set. */
function onTerminal({ directory }: CommandLine, line: string): OnTerminal {
  const inner = `echo pid $$.; exec ${process.execPath} ${program} ${line}`;
  const outer = `stty rows 24 cols 80; stty -g; sh -c '${inner}'; echo exit $?.; stty -g`;
  const child = spawn('script', ['-qec', outer, '/dev/null'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], TERM: 'xterm', USER: 'kai', LOGBOARD_HOME: directory },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return {
    output: () => output,
    press: (keys) => void child.stdin.write(keys),
    pid: () => Number(/pid (\d+)\./.exec(output)?.[1]),
    ended: once(child, 'close'),
  };
}

/** How the terminal was set before and after. */
function settings(output: string): readonly string[] {
  return output.match(/^[0-9a-f]+(:[0-9a-f]+)+/gm) ?? [];
}

describe('on a terminal, a replay', () => {
  test.each([
    ['q', 0, (on: OnTerminal) => on.press('q')],
    ['Ctrl-C', 130, (on: OnTerminal) => on.press('\x03')],
    ['SIGINT', 130, (on: OnTerminal) => process.kill(on.pid(), 'SIGINT')],
    ['SIGTERM', 130, (on: OnTerminal) => process.kill(on.pid(), 'SIGTERM')],
    ['SIGHUP', 129, (on: OnTerminal) => process.kill(on.pid(), 'SIGHUP')],
  ])('ended by %s leaves the terminal as it was', async (_name, exit, end) => {
    const on = onTerminal(await aBoard(), 'replay');
    await eventually('the end is shown', () => expect(on.output()).toContain('the end'), 20_000);

    end(on);
    await on.ended;

    const output = on.output();
    expect(output).toContain(`exit ${exit}.`);
    expect(settings(output)).toHaveLength(2);
    expect(new Set(settings(output)).size).toBe(1);
    expect(output.split(entered)).toHaveLength(2);
    expect(output.lastIndexOf(left)).toBeGreaterThan(output.lastIndexOf('Paint the hull'));
    expect(output.lastIndexOf('\x1b[?25h')).toBeGreaterThan(output.lastIndexOf('\x1b[?25l'));
  });

  test('draws nothing that would scroll', async () => {
    const on = onTerminal(await aBoard(), 'replay --speed 1000');
    await eventually('the end is shown', () => expect(on.output()).toContain('the end'), 20_000);
    on.press('q');
    await on.ended;

    const output = on.output();
    const drawn = output.slice(output.indexOf(entered), output.lastIndexOf(left));
    expect(drawn).not.toMatch(/[\r\n]/);
    expect(drawn).toContain('\x1b[?7l');
  });

  test('is steered by keys', async () => {
    const on = onTerminal(await aBoard(), 'replay --from 2 --until human --speed 5');
    await eventually('the end is shown', () => expect(on.output()).toContain('the end'), 20_000);

    on.press(',');
    await eventually('it is paused', () => expect(on.output()).toContain('paused'), 20_000);
    on.press('+q');
    await on.ended;

    expect(on.output()).toContain('exit 0.');
  });
});

describe('the terminal', () => {
  test('is given back when the process ends by itself, and once only', () => {
    const log: string[] = [];
    const listeners = new Map<string, () => void>();
    const stream = {
      ...{ isTTY: true, rows: 24, columns: 80, on() {}, off() {}, setEncoding() {} },
      ...{ resume() {}, pause() {}, setRawMode: (raw: boolean) => log.push(`raw ${raw}`) },
      write: (text: string) => log.push(text.includes(left) ? 'left' : 'entered'),
    };
    const terminal = terminalOf({
      stdin: stream as unknown as NodeJS.ReadStream,
      stdout: stream as unknown as NodeJS.WriteStream,
      on: (event, listener) => listeners.set(event, listener),
      off: (event) => listeners.delete(event),
      exit: () => {
        throw new Error('exit');
      },
    });
    const release = terminal?.take({ onInput() {}, onRedraw() {} });

    listeners.get('exit')?.();
    release?.();

    expect(log).toEqual(['raw true', 'entered', 'raw false', 'left']);
    expect([...listeners.keys()]).toEqual([]);
  });
});
