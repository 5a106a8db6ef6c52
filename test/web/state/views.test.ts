/** What views are made of: columns, filters, the address, leases, needs, words, colours of logs. */
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import { type Address, addressOf, home, searchOf } from '../../../src/web/state/address.ts';
import { piecesOf } from '../../../src/web/state/ansi.ts';
import { needsOf } from '../../../src/web/state/attention.ts';
import { createBoardFold } from '../../../src/web/state/board-fold.ts';
import { cardsOf, columnsOf, type Grouping } from '../../../src/web/state/columns.ts';
import { matcherOf, noFilter, serverFilterOf, taskIdIn } from '../../../src/web/state/filter.ts';
import { leaseOf } from '../../../src/web/state/lease.ts';
import { createLiveBoard } from '../../../src/web/state/live-board.ts';
import { shortSpan, span } from '../../../src/web/state/words.ts';
import { lineAtMs, onBoard, onDispatcher, onRun, onTask, recorded } from '../../kit/a-history.ts';
import { opened } from '../../kit/a-run.ts';
import { blocked, claimed, created, inReview, parentId, runId, taskId } from '../../kit/a-task.ts';

const empty = {
  position: 0,
  board: { name: 'Here', epoch: 'epoch-1', createdAtMs: 0, isPaused: false, policy: null },
  tasks: [],
  runs: [],
  dispatchers: [],
};

function foldOf(...lines: Parameters<typeof recorded>[0]) {
  const fold = createBoardFold(empty);
  for (const event of recorded(lines)) fold.fold(event);
  return fold;
}

function arranged(fold: ReturnType<typeof foldOf>, grouping: Grouping = 'none', nowMs = 0) {
  const moved = new Map();
  const titleOf = (id: string) => fold.tasks.get(id)?.task.title ?? id;
  const matches = matcherOf(noFilter);
  return columnsOf(fold.tasks.values(), { nowMs, grouping, titleOf, matches, moved });
}

describe('columns', () => {
  const fold = foldOf(
    onTask(created({ title: 'old' }), 'T-0000000001'),
    onTask(created({ title: 'urgent', priority: 2 }), 'T-0000000002'),
    onTask(created({ title: 'young', assignee: 'paint' }), 'T-0000000003'),
    onTask(created({ title: 'later', notBeforeMs: 5_000 }), 'T-0000000004'),
  );
  const titles = (key: string, nowMs = 0) => {
    const column = arranged(fold, 'none', nowMs).find((each) => each.key === key);
    return column && cardsOf(column).map(({ record }) => record.task.title);
  };

  test('stand as the queue goes: the more important first, then the older', () => {
    expect(titles('ready')).toEqual(['urgent', 'old', 'young']);
  });

  test('change with the clock: a task that was held becomes ready', () => {
    expect(titles('waiting')).toEqual(['later']);
    expect(titles('waiting', 6_000)).toEqual([]);
    expect(titles('ready', 6_000)).toContain('later');
  });

  test('have groups that say what they have in common', () => {
    const ready = arranged(fold, 'assignee').find(({ key }) => key === 'ready');
    expect(ready?.groups.map(({ title, cards }) => [title, cards.length])).toEqual([
      ['nobody', 2],
      ['paint', 1],
    ]);
  });
});

describe('a filter', () => {
  const fold = foldOf(
    onTask(created({ title: 'Paint the hull', assignee: 'paint', tenant: 'acme' })),
  );
  const shown = { record: fold.tasks.get(taskId)!, status: 'ready' } as const;

  test.each([
    [{ words: 'HULL paint' }, true],
    [{ words: 'hull mast' }, false],
    [{ words: taskId.toLowerCase() }, true],
    [{ assignee: 'paint' }, true],
    [{ assignee: '-' }, false],
    [{ tenant: 'acme', words: 'hull' }, true],
  ])('%o shows the card: %s', (filter, isShown) => {
    expect(matcherOf({ ...noFilter, ...filter })(shown)).toBe(isShown);
  });

  test('shows what was found in texts that no card shows, within its other wishes', () => {
    const found = new Set([taskId]);
    const matches = (filter: object) => matcherOf({ ...noFilter, ...filter }, found)(shown);
    expect(matches({ words: 'hemp' })).toBe(true);
    expect(matches({ words: 'hemp', assignee: 'sew' })).toBe(false);
  });

  test('is asked of the server in its words, where it has them', () => {
    const asked = { words: ' hull ', assignee: '-', tenant: 'acme', archived: true };
    expect(serverFilterOf(asked)).toEqual({
      q: 'hull',
      assignee: 'none',
      tenant: 'acme',
      archived: 'true',
    });
    expect(serverFilterOf({ ...noFilter, tenant: '-' })).toBeUndefined();
  });

  test('knows an id when it sees one', () => {
    expect(taskIdIn(' t-0a1b2c3d4e ')).toBe('T-0A1B2C3D4E');
    expect(taskIdIn('hull')).toBeUndefined();
  });
});

describe('an address', () => {
  const everything: Address = {
    view: 'board',
    filter: { words: 'a&b=c', assignee: 'paint', tenant: '-', archived: true },
    grouping: 'parent',
    taskId,
    isWhy: true,
    at: 48_213,
    rows: 'workers',
    range: { fromAtMs: 1_795_279_319_212, toAtMs: 1_795_279_400_000 },
  };

  test.each([[home], [everything]])('says what is looked at', (address) => {
    expect(addressOf(searchOf(address))).toEqual(address);
  });

  test('that says nothing sensible shows the board', () => {
    expect(addressOf('?view=nowhere&group=x&at=-3&rows=x&from=7&to=3')).toEqual(home);
  });
});

describe('a lease', () => {
  const fold = foldOf(onTask(created()), onTask(claimed()), onRun(opened({ ttlMs: 90_000 })));
  const run = fold.runs.get(runId)!;

  test.each([
    [0, 'calm', 1],
    [59_000, 'calm', 31 / 90],
    [61_000, 'suspect', 29 / 90],
    [90_000, 'over', 0],
  ])('%i ms after the last sign of life is %s', (silentMs, state, share) => {
    expect(leaseOf(run, lineAtMs(3) + silentMs)).toMatchObject({ state, share });
  });
});

test('what needs a person is told, the worst first, with the deed that helps', () => {
  const [one, other, third] = ['T-0000000001', 'T-0000000002', 'T-0000000003'] as const;
  const fold = foldOf(
    onTask(created(), one),
    onTask(claimed(), one),
    onTask(inReview, one),
    onTask(created({ parents: [one] }), parentId),
    onTask(created(), other),
    onTask(blocked, other),
    onTask(created({ assignee: 'nobody-knows' }), third),
  );
  const shown = arranged(fold).flatMap(cardsOf);

  const needs = needsOf(shown, fold, { nowMs: 0, workers: new Set(['paint']) });

  expect(needs.map((need) => [need.taskId, need.what, need.help])).toEqual([
    [other, 'Which colour?', 'unblock'],
    [one, 'waits for your review, 1 task waiting for it', 'approve'],
    [third, 'no worker is defined for nobody-knows', 'why'],
  ]);
});

describe('ready tasks that nobody starts', () => {
  const [one, other, third] = ['T-0000000001', 'T-0000000002', 'T-0000000003'] as const;
  const tasks = [
    onTask(created({ assignee: 'paint' }), one),
    onTask(created({ assignee: 'paint' }), other),
  ];
  const needs = (fold: ReturnType<typeof foldOf>, nowMs: number) =>
    needsOf(arranged(fold).flatMap(cardsOf), fold, { nowMs, workers: new Set(['paint']) }).map(
      ({ taskId: id, title, what, help }) => [id, title, what, help],
    );
  const serving = {
    policy: { ...defaultPolicy, maxRunning: 1 },
    host: 'quay',
    bootId: 'boot-1',
    pid: 42,
    programVersion: '1.0.0',
    assignees: ['paint'],
  };
  const later = lineAtMs(1) + 192_000;
  const waits = '2 ready tasks wait, the first for 3m 12s';
  const dispatcher = onDispatcher({ type: 'DispatcherStarted', data: serving });

  test('are told of with what keeps them: no dispatcher, a full cap, a pause', () => {
    expect(needs(foldOf(...tasks), later)).toEqual([
      [one, 'No dispatcher is at work', waits, 'why'],
    ]);
    expect(needs(foldOf(...tasks, dispatcher), later)).toEqual([]);
    const running = [onTask(created(), third), onTask(claimed(), third), onRun(opened())];
    expect(needs(foldOf(...tasks, dispatcher, ...running), later)).toEqual([
      [one, 'The cap of 1 worker is reached', waits, 'why'],
    ]);
    const policy = { ...serving.policy, maxRunning: 2 };
    const changed = (id: string) =>
      onBoard({ type: 'PolicyChanged', data: { policy, dispatcher: { id, assignees: [] } } });
    const founding = onBoard({ type: 'BoardCreated', data: { name: 'yard', epoch: 'epoch-1' } });
    const full = [founding, ...tasks, dispatcher, ...running];
    expect(needs(foldOf(...full, changed('mole')), later)).toHaveLength(1);
    expect(needs(foldOf(...full, changed('quay')), later)).toEqual([]);
    const paused = onBoard({ type: 'BoardPaused', data: {} });
    expect(needs(foldOf(...tasks, dispatcher, paused), later)).toEqual([
      [one, 'The board is paused', waits, 'resume'],
    ]);
  });

  test('are not told of when the dispatcher serves them, whatever stood in the file', () => {
    const task = onTask(created({ assignee: 'sand' }), one);
    const sands = { ...serving, assignees: ['paint', 'sand'] };
    const come = onDispatcher({ type: 'DispatcherStarted', data: sands });
    const unknown = 'no worker is defined for sand';
    expect(needs(foldOf(task), 0)).toMatchObject([[one, expect.anything(), unknown, 'why']]);
    expect(needs(foldOf(task, come), 0)).toEqual([]);
  });

  test('are told of when their dispatcher was seen to be gone, unless it has come again', () => {
    const fold = foldOf(...tasks, dispatcher);
    const [known] = fold.dispatchers.values();
    const { dispatcherId, position } = known!;

    expect(fold.lose([{ dispatcherId, position: position - 1 }])).toBe(false);
    expect(needs(fold, later)).toEqual([]);
    expect(fold.lose([{ dispatcherId, position }])).toBe(true);
    expect(needs(fold, later)).toEqual([[one, 'No dispatcher is at work', waits, 'why']]);
  });

  test('are left in peace for a minute', () => {
    expect(needs(foldOf(...tasks), lineAtMs(1) + 59_000)).toEqual([]);
  });
});

describe('a live board', () => {
  test('tells once of what came together, and everybody who waited for it', async () => {
    const soon: (() => void)[] = [];
    const live = createLiveBoard({
      start: empty,
      soon: (tell) => void soon.push(tell),
      resync: () => undefined,
    });
    const told: string[] = [];
    live.subscribe(() => void told.push('told'));
    const before = live.look();
    const reached = live.reached(2);

    for (const event of recorded([onTask(created()), onTask(blocked)])) live.offer(event);
    expect(live.look()).toBe(before);
    for (const tell of soon) tell();

    await reached;
    expect(told).toHaveLength(1);
    expect(live.look()).not.toBe(before);
    expect(live.fold().tasks.get(taskId)?.status).toBe('blocked');
  });

  test('asks for a new snapshot when something comes that it does not know', () => {
    const asked: string[] = [];
    const resync = () => void asked.push('asked');
    const live = createLiveBoard({ start: empty, soon: () => undefined, resync });

    const [event] = recorded([onTask({ type: 'TaskRestored', data: {} })]);
    live.offer(event!);

    expect(asked).toHaveLength(1);
  });
});

describe('what a worker printed', () => {
  test.each([
    ['plain', [['plain', '']]],
    [
      '\u001b[31mred\u001b[0m no',
      [
        ['red', 'red'],
        [' no', ''],
      ],
    ],
    [
      '\u001b[1;32mok\u001b[22m still',
      [
        ['ok', 'green bold'],
        [' still', 'green'],
      ],
    ],
    ['\u001b[38;5;200mpink', [['pink', '']]],
    ['\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007', [['link', '']]],
    ['\u001b]52;c;c2VjcmV0\u0007copied', [['copied', '']]],
    ['\u001b[2J\u001b[Hgone', [['gone', '']]],
    ['10%\r50%\r100%\n', [['100%\n', '']]],
    ['a\u202ecba\u0000', [['acba', '']]],
    ['12 %\r50 %\r\r\ndone\r', [['50 %\ndone', '']]],
    ['\r\r', []],
    ['\u001b[999999999999m x \u001b[', [[' x ', '']]],
  ])('%j is shown as text with a look', (text, pieces) => {
    expect(piecesOf(text).map((piece) => [piece.text, piece.look])).toEqual(pieces);
  });

  // With the square of its length, this would take longer than the limit.
  test('show one line of JSON as long as a drawer', { timeout: 20_000 }, () => {
    const line = JSON.stringify({ text: 'x'.repeat(262_144) });
    expect(piecesOf(`${line}\n`)).toEqual([{ text: `${line}\n`, look: '' }]);
  });
});

test.each([
  [400, 'now', '400ms'],
  [59_999, '59s', '59s'],
  [252_000, '4m', '4m 12s'],
  [3_600_000, '1h', '1h'],
  [90_000_000, '1d', '1d 1h'],
])('%i ms is %s, or %s', (ms, short, long) => {
  expect(shortSpan(ms)).toBe(short);
  expect(span(ms)).toBe(long);
});

test('a dispatcher that comes puts in question those of its host, which may be dead', () => {
  const started = (id: string, host: string) => {
    const who = { host, bootId: 'boot-1', pid: 42, programVersion: '1.0.0', assignees: ['paint'] };
    const data = { policy: defaultPolicy, ...who };
    return onDispatcher({ type: 'DispatcherStarted', data }, id);
  };
  const goodbye = onDispatcher({ type: 'DispatcherStopped', data: { reason: 'asked to' } }, 'D-2');
  const lines = [started('D-1', 'quay'), started('D-2', 'pier'), goodbye, started('D-3', 'pier')];
  const fold = createBoardFold(empty);

  const taken = recorded([...lines, started('D-4', 'quay')]).map((event) => fold.fold(event));

  expect(taken).toEqual(['folded', 'folded', 'folded', 'folded', 'unknown']);
  expect([...fold.dispatchers.keys()]).toEqual(['D-1', 'D-3', 'D-4']);
});
