/** The log of a board is sealed now and then, by one of those who would. */
import { describe, expect, it, test } from 'vitest';
import { isSealDue } from '../../src/domain/board/seal.ts';
import { streams } from '../../src/domain/catalogue.ts';
import { openHarbour } from '../kit/boards.ts';
import { accepted, ada, dispatcher } from '../kit/callers.ts';

const dayMs = 86_400_000;
const digest = 'a'.repeat(64);

test.each([
  ['the first 10,000 events', { upTo: 0, atMs: 0 }, { upTo: 10_000, atMs: 1 }, true],
  ['fewer on the first day', { upTo: 0, atMs: 0 }, { upTo: 9_999, atMs: dayMs - 1 }, false],
  ['two events after a day', { upTo: 7, atMs: 0 }, { upTo: 9, atMs: dayMs }, true],
  ['nothing but the last seal', { upTo: 7, atMs: 0 }, { upTo: 8, atMs: 365 * dayMs }, false],
  ['less than was sealed', { upTo: 7, atMs: 0 }, { upTo: 5, atMs: 365 * dayMs }, false],
] as const)('whether %s are sealed', (_, last, now, isDue) => {
  expect(isSealDue(last, now)).toBe(isDue);
});

describe('a log', () => {
  async function founded() {
    const harbour = openHarbour();
    const create = { type: 'CreateBoard', name: 'harbour', epoch: 'epoch-1' } as const;
    await accepted(harbour.board.as(ada).changeBoard(create));
    return harbour;
  }

  it('is sealed once by dispatchers who all want to at once', async () => {
    const harbour = await founded();
    const boards = [harbour.board, harbour.another(), harbour.another()];
    const answers = await Promise.all(
      boards.map((board) => accepted(board.as(dispatcher).sealLog({ upTo: 10_000, digest }))),
    );
    expect(answers.map(({ changed }) => changed).sort()).toEqual([false, false, true]);
    const events = await harbour.events(streams.board);
    expect(events.slice(1).map(({ type, data }) => [type, data])).toEqual([
      ['LogSealed', { upTo: 10_000, digest }],
    ]);
  });

  it('is sealed again when that is due again, however much was said in between', async () => {
    const harbour = await founded();
    const commands = harbour.board.as(dispatcher);
    await accepted(commands.sealLog({ upTo: 10_000, digest }));
    for (let round = 0; round < 60; round += 1) {
      const type = round % 2 === 0 ? 'PauseBoard' : 'ResumeBoard';
      await accepted(harbour.board.as(ada).changeBoard({ type }));
    }
    expect((await accepted(commands.sealLog({ upTo: 19_999, digest }))).changed).toBe(false);
    expect((await accepted(commands.sealLog({ upTo: 20_000, digest }))).changed).toBe(true);
  });

  it('of no board is not sealed', async () => {
    const { board } = openHarbour();
    expect((await accepted(board.as(dispatcher).sealLog({ upTo: 1, digest }))).changed).toBe(false);
  });
});
