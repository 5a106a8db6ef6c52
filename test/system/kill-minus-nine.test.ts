/** kill -9 at any moment loses nothing that was acknowledged, and leaves a board without a scar. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkInvariants } from '../../src/app/verify.ts';
import { codec } from '../../src/log/codec.ts';
import { openBoardAt } from '../../src/main.ts';
import { bundleChild } from '../kit/child.ts';
import { tempDir } from '../kit/temp-dir.ts';

const rounds = 100;
/** Rounds that share a board: its log grows, and is opened again and again after a death. */
const roundsPerBoard = 10;
/** Acknowledgements to wait for before the kill; which one differs from round to round. */
const acksMax = 200;

test(`no acknowledged event is lost and no invariant broken in ${rounds} kills under load`, {
  timeout: 600_000,
}, async () => {
  const program = await bundleChild(
    fileURLToPath(new URL('./children/board-load.ts', import.meta.url)),
  );
  let acknowledged = 0;
  for (let first = 0; first < rounds; first += roundsPerBoard) {
    const directory = tempDir();
    for (let round = first; round < first + roundsPerBoard; round += 1) {
      const lastAck = await killUnderLoad(program, directory, round);
      acknowledged += 1;
      await expectSound(directory, lastAck);
    }
  }
  expect(acknowledged).toBe(rounds);
});

/** Lets the program work, kills it in the middle of it, and answers the highest acknowledgement. */
async function killUnderLoad(program: string, directory: string, round: number): Promise<number> {
  const child = spawn(process.execPath, [program, directory, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const wanted = 1 + ((round * 37) % acksMax);
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
    if (count(text) >= wanted) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal, 'the program ended by itself').toBe('SIGKILL');
  // The last line may have been cut by the kill: only whole lines were said.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return Math.max(...lines.map(Number));
}

function count(text: string): number {
  return text.split('\n').length - 1;
}

/** Everything acknowledged is there, the log holds every invariant, the tables follow from it. */
async function expectSound(directory: string, lastAck: number): Promise<void> {
  const board = await openBoardAt(directory, { access: 'write', policy: undefined });
  try {
    const head = await board.log.head();
    expect(head.position).toBeGreaterThanOrEqual(lastAck);
    expect(await checkInvariants({ log: board.log, codec })).toEqual([]);
    const queries = await board.read();
    expect(queries.brokenInvariants()).toEqual([]);
    expect(board.projections.checkpoint().position).toBe(head.position);
  } finally {
    await board.close();
  }
}
