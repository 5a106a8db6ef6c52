/**
 * The program that every process of a shape runs: takes its order from the first line of its input,
 * opens the board, says `ready`, and begins at the moment that the second line names. It is
 * dismissed when its input ends.
 */
import { createInterface } from 'node:readline';
import { openBoardAt } from '../../src/main.ts';
import { monotonicMs } from '../bench/measure.ts';
import { createChance } from '../trial/chance.ts';
import type { Hand, Order } from './hand.ts';
import { openJournal } from './journal.ts';
import { createRecordedCommands } from './recorded-commands.ts';
import { rulesOf } from './rules.ts';
import { shapes } from './shapes.ts';

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const order = JSON.parse((await lines.next()).value) as Order;
const board = await openBoardAt(order.directory, {
  access: 'write',
  policy: rulesOf(order.measures),
});
const journal = openJournal(order.directory, order.name);
process.stdout.write('ready\n');
const startedAtMs = Number((await lines.next()).value);
let isDismissed = false;
input.once('close', () => {
  isDismissed = true;
});

await shapes[order.shape]?.work(createHand());
await board.close();
journal.close();
process.stdin.destroy();

function createHand(): Hand {
  const sinceMs = () => monotonicMs() - startedAtMs;
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return {
    order,
    board,
    commands: createRecordedCommands(board, order.name, journal),
    chance: createChance(order.seed),
    isWanted: () => !isDismissed,
    hasTime: () => !isDismissed && sinceMs() < order.measures.forMs,
    pause,
    until: (ms) => pause(Math.max(0, ms - sinceMs())),
    say: (line) => process.stdout.write(`${line}\n`),
  };
}
