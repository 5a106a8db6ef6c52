/** A program on a terminal of its own: a real one to the program, keys and screen to the test. */
import { execFileSync, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';

/** A program that somebody seems to sit at. */
export interface Attended {
  /** Resolves with the first match of the pattern among all that was shown. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  /** Types keys; Ctrl-C is `\x03`. */
  type(keys: string): void;
  /** Resolves when it has ended: with its exit code, or the negative number of a signal. */
  readonly ended: Promise<number>;
  /** Its process. */
  readonly pid: number;
}

/** Node has no pseudo terminals; Python has. */
const terminal = `
import fcntl, os, pty, select, struct, sys, termios
pid, screen = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
os.write(2, b'%d\\n' % pid)
ways = {0: screen, screen: 1}
while screen in ways:
    for source in select.select(list(ways), [], [])[0]:
        try: data = os.read(source, 65536)
        except OSError: data = b''
        if data: os.write(ways[source], data)
        else: del ways[source]
os.write(2, b'%d\\n' % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** What `testUnless` is told where there is no terminal to be had. */
export const terminalMissing = hasPython() ? undefined : 'there is no python3, which has terminals';

/** Starts a program on a terminal of 80 columns; it ends with the test. */
export async function onTerminal(
  line: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Attended> {
  const python = spawn('python3', ['-c', terminal, ...line], { env: environment });
  onTestFinished(() => void python.kill());
  const shown = { screen: '', facts: '' };
  python.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown.screen += text;
  });
  python.stderr.setEncoding('utf8').on('data', (text: string) => {
    shown.facts += text;
  });
  const pid = await eventually('it was started', () => /^\d+\n/.exec(shown.facts)?.[0]);
  return {
    pid: Number(pid),
    shows: (pattern) =>
      eventually(`the terminal shows ${pattern}`, () => pattern.exec(shown.screen)),
    type: (keys) => void python.stdin.write(keys),
    ended: new Promise((resolve) => {
      python.on('close', () => resolve(Number(shown.facts.split('\n')[1])));
    }),
  };
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import pty'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
