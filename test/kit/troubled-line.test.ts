/** The troubled line itself: what it does to bytes and connections. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from './eventually.ts';
import { type TroubledLine, troubledLine } from './troubled-line.ts';

/** A line to a program that says everything back. */
async function lineToEcho(): Promise<TroubledLine> {
  const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const line = await troubledLine((echo.address() as AddressInfo).port);
  onTestFinished(async () => {
    await line.close();
    echo.close();
  });
  return line;
}

/** Somebody who calls through the line. */
function call(line: TroubledLine): { socket: Socket; heard(): string; end(): string | undefined } {
  const socket = connect({ port: line.port, host: '127.0.0.1' });
  let heard = '';
  let end: string | undefined;
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  socket.on('error', (error) => {
    end = (error as NodeJS.ErrnoException).code;
  });
  socket.on('close', () => {
    end ??= 'closed';
  });
  onTestFinished(() => void socket.destroy());
  return { socket, heard: () => heard, end: () => end };
}

describe('a troubled line', () => {
  test('says all and in order, however slow it is meanwhile', async () => {
    const line = await lineToEcho();
    const { socket, heard } = call(line);
    for (const [word, slowMs] of [
      ['one ', 0],
      ['two ', 40],
      ['three', 5],
    ] as const) {
      line.slow(slowMs);
      socket.write(word);
    }
    await eventually('all came back', () => heard() === 'one two three');
  });

  test.each(['there', 'back'] as const)('holds what goes %s, and loses nothing', async (way) => {
    const line = await lineToEcho();
    const { socket, heard, end } = call(line);
    socket.write('before ');
    await eventually('the first word came back', () => heard() === 'before ');
    line.hold(way);
    socket.write('after');
    const other = call(line);
    await once(other.socket, 'connect');
    expect(heard()).toBe('before ');
    expect(end()).toBeUndefined();
    line.heal();
    await eventually('the rest came back', () => heard() === 'before after');
  });

  test('breaks connections, old and new, until it is healed', async () => {
    const line = await lineToEcho();
    const first = call(line);
    first.socket.write('x');
    await eventually('it is answered', () => first.heard() === 'x');
    line.cut();
    await eventually('the first was broken', () => first.end());
    expect(line.open()).toBe(0);
    const second = call(line);
    await eventually('the second was broken', () => second.end());
    line.heal();
    const third = call(line);
    third.socket.write('y');
    await eventually('it is answered again', () => third.heard() === 'y');
  });

  test('lets the far end die without a word', async () => {
    const line = await lineToEcho();
    const { socket, heard, end } = call(line);
    socket.write('x');
    await eventually('it is answered', () => heard() === 'x');
    line.vanish();
    socket.write('is anybody there?');
    const other = call(line);
    other.socket.write('z');
    await eventually('a new connection is answered', () => other.heard() === 'z');
    expect(heard()).toBe('x');
    expect(end()).toBeUndefined();
    line.heal();
    await eventually('now it is told', () => end());
  });
});
