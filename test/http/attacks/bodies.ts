/** Bodies that are too much, or poison; and keys and tokens that are used for something else. */
import { type Arena, type Attempt, unless } from './arena.ts';

const deep = (open: string, close: string, times: number) =>
  `${open.repeat(times)}1${close.repeat(times)}`;

/** JSON that would change what all objects have in common, or pretends to be what it is not. */
const poisons: readonly string[] = [
  '{"__proto__":{"isPoisoned":true}}',
  '{"title":"x","__proto__":{"isPoisoned":true}}',
  '{"constructor":{"prototype":{"isPoisoned":true}}}',
  '{"prototype":{"isPoisoned":true}}',
  '{"metadata":{"__proto__":{"isPoisoned":true}}}',
  '{"metadata":{"a":{"b":{"constructor":{"prototype":{"isPoisoned":true}}}}}}',
  '{"metadata":[{"__proto__":{"isPoisoned":true}}]}',
  '{"\\u005f\\u005fproto\\u005f\\u005f":{"isPoisoned":true}}',
  '{"title":{"toString":"x"}}',
  '{"title":["x"]}',
  '{"title":{"$gt":""}}',
  '{"title":null}',
  '{"title":true}',
  '{"title":"x","isAdmin":true}',
  '{"title":"x","actor":{"kind":"human","id":"ada"}}',
  '{"title":"x","taskId":"T-0000000000","version":1}',
  '{"title":"\\u0000"}',
  '{"title":"a\\u001b[2Jb"}',
  '{"title":"a\\u009bb"}',
  '{"title":"a\\nb"}',
  '{"title":""}',
  '{"title":"   "}',
  `{"title":"${'x'.repeat(501)}"}`,
  `{"title":"x","metadata":${deep('{"a":', '}', 60)}}`,
  `{"metadata":${deep('[', ']', 5_000)}}`,
  deep('[', ']', 50_000),
  deep('{"a":', '}', 20_000),
  `"${'x'.repeat(300_000)}"`,
  `{"title":"${'x'.repeat(20_000_000)}"}`,
  '[]',
  '"title"',
  'null',
  '1e999',
  '{"priority":1e999,"title":"x"}',
  '{"priority":0.5,"title":"x"}',
  '{"priority":9007199254740993,"title":"x"}',
  '{"assignee":"../../etc/passwd","title":"x"}',
  '{"assignee":"A B","title":"x"}',
  '{"assignee":"__proto__","title":"x"}',
  '{"title":"x","title":}',
  '{"title":"x"}{"title":"y"}',
  '\ufeff{"title":',
  '{title:"x"}',
  "{'title':'x'}",
  '{"title":"x"',
  '{"title":"x",}',
  '{"ttlMs":-1,"assignee":"gpu"}',
  '{"waitMs":999999999,"assignee":"gpu"}',
  '{"progress":2}',
  '{"note":"a\\u001b]52;c;AAAA\\u0007b"}',
  '{"exit":{"code":0,"signal":"SIGKILL"}}',
  '{"exit":{"signal":"__proto__"}}',
  '{"code":{"length":43}}',
];

/** Where bodies go, and who sends them. */
const doors = [
  ['POST', '/api/v1/tasks', 'operator'],
  ['PATCH', '/api/v1/tasks/HULL', 'operator'],
  ['POST', '/api/v1/claims', 'worker'],
  ['POST', '/api/v1/runs/RUN/heartbeat', 'run'],
  ['POST', '/api/v1/runs/RUN/usage', 'run'],
  ['POST', '/api/v1/runs/RUN/exit', 'run'],
  ['POST', '/api/v1/codes', 'operator'],
] as const;

/** Every poison through every door. */
export function bodyAttempts(arena: Arena): readonly Attempt[] {
  const { hull, run, token } = arena;
  return doors.flatMap(([method, path, who]) =>
    poisons.map((body): Attempt => {
      const shown = who === 'run' ? run.bearer : token(who);
      const place = path.replace('HULL', hull).replace('RUN', run.runId);
      return {
        name: `${method} ${path}: ${body.slice(0, 60)}`,
        async try({ board, fetch }) {
          const before = await board.log.head();
          const headers = { 'Content-Type': 'application/json' };
          const asking = { method, bearer: shown, headers, text: body };
          const { status } = await fetch(place, asking).catch(() => ({ status: 413 }));
          const isPoisoned = ({} as { isPoisoned?: boolean }).isPoisoned !== undefined;
          if (isPoisoned) return 'every object is poisoned';
          const { position } = await board.log.head();
          if (position !== before.position) return 'something was written';
          return unless({ status }, 400, 413, 404, 409, 422);
        },
      };
    }),
  );
}

/** Requests that were made once, said again with another meaning or by somebody else. */
export function replayAttempts({ endedRun, otherRun, run }: Arena): readonly Attempt[] {
  const inOtherWords = Array.from(
    { length: 20 },
    (_, at): Attempt => ({
      name: `a key of another request, ${at}`,
      async try({ ask }) {
        const headers = { 'Idempotency-Key': `key-${at}` };
        await ask('/api/v1/tasks', { body: { title: `first ${at}` }, headers });
        const again = await ask('/api/v1/tasks', { body: { title: `second ${at}` }, headers });
        return unless(again, 422);
      },
    }),
  );
  const keys = ['', ' ', 'a b', 'x'.repeat(201), 'ä', '\x01', '"'].map(
    (key): Attempt => ({
      name: `the key ${JSON.stringify(key.slice(0, 20))}`,
      async try({ raw, host, token }) {
        const headers = [
          ['Host', host],
          ['Content-Type', 'application/json'],
          ['Authorization', `Bearer ${token('operator')}`],
          ['Idempotency-Key', Buffer.from(key, 'utf8').toString('latin1')],
        ] as const;
        const asking = { method: 'POST', path: '/api/v1/tasks', headers, body: '{"title":1}' };
        return unless(await raw(asking).catch(() => ({ status: 400 })), 400);
      },
    }),
  );
  const says = ['heartbeat', 'complete', 'release', 'comment', 'usage', 'exit', 'block'];
  const bodies: Readonly<Record<string, object>> = {
    comment: { body: 'mine' },
    exit: { exit: { code: 0 } },
    block: { reason: 'mine' },
  };
  const others = says.flatMap((what) =>
    [
      ['of another run', otherRun.bearer, run.runId],
      ['of an ended run, for another', endedRun.bearer, run.runId],
      ['of an ended run', endedRun.bearer, endedRun.runId],
      ['under the name of another', `${run.runId}.${endedRun.bearer.split('.')[1]}`, run.runId],
    ].map(
      ([whose, bearer = '', runId = '']): Attempt => ({
        name: `${what} with the token ${whose}`,
        async try({ ask, board }) {
          const before = (await board.read()).run(run.runId)?.version;
          const body = bodies[what] ?? {};
          const answered = await ask(`/api/v1/runs/${runId}/${what}`, { bearer, body });
          const after = (await board.read()).run(run.runId)?.version;
          // To give back again what was given back changes nothing.
          const isRepeat = answered.status === 200 && answered.json.changed === false;
          if (after !== before) return 'the run was changed';
          return isRepeat ? undefined : unless(answered, 401, 403, 409, 429);
        },
      }),
    ),
  );
  return [...inOtherWords, ...keys, ...others];
}
