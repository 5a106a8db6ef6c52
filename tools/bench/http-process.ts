/** A server of a board with tasks on it; asked to, it makes events at a steady pace. */
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/host/clock.ts';
import { openBoardDoor } from '../../src/main/door.ts';
import { caller, openBenchBoard } from './parts.ts';
import { createTasks } from './work.ts';

const [directory = '', tasks = '0'] = process.argv.slice(2);
const board = await openBenchBoard(directory);
const taskIds = await createTasks(board, Number(tasks));
const config = loadConfig({ environment: {}, directory });
const door = await openBoardDoor(
  {
    board,
    directory,
    label: 'bench',
    config: () => config,
    operatorName: 'bench',
    version: 'bench',
    forget: () => Promise.reject(new Error('A bench forgets nothing.')),
    plan: async () => ({ actions: [], waits: [] }),
    report: (what, facts) => console.error(what, facts),
  },
  { host: '127.0.0.1', port: 0 },
);
let isOver = false;
process.once('disconnect', () => {
  isOver = true;
  void door.close().then(() => board.close());
});
process.on('message', ({ eventsPerSecond }: { eventsPerSecond: number }) => {
  void makeEvents(eventsPerSecond);
});
process.send?.({ address: door.address });

/** Ten times a second, so many that the pace is kept. */
async function makeEvents(perSecond: number): Promise<void> {
  const commands = board.as(caller);
  const beganMs = systemClock.monoMs();
  for (let made = 0; !isOver; ) {
    const due = ((systemClock.monoMs() - beganMs) / 1_000) * perSecond;
    const more = Math.max(0, Math.floor(due) - made);
    made += more;
    const body = 'something that somebody has to say';
    const comment = (_: unknown, at: number) =>
      commands.comment(taskIds[(made + at) % taskIds.length] ?? '', { body });
    await Promise.all(Array.from({ length: more }, comment));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
