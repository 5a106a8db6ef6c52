/** The past as it is drawn, and as it is handed on. */
import * as z from 'zod';
import { readPicture } from '../../app/picture.ts';
import { tasksPictured } from '../../app/pictured-tasks.ts';
import { rangeOf } from '../../app/position-at.ts';
import { createPastReader } from '../../app/task-past.ts';
import { said } from '../../domain/said.ts';
import { taskIdSchema } from '../../domain/task/events.ts';
import { rangeFields } from '../point.ts';
import { readers } from '../principal.ts';
import { limitUpTo, list } from '../query-fields.ts';
import { type Call, type Route, route } from '../route.ts';

const query = z.strictObject({
  ...rangeFields,
  tasks: list.pipe(z.array(taskIdSchema)).optional(),
  assignee: z.string().min(1).optional(),
  host: z.string().min(1).optional(),
  limit: limitUpTo(2_000, 500),
});

/** The route to the picture. */
export const pictureRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/picture',
    summary: 'the lives of tasks in exact stretches, and what happened around: what a gantt draws',
    allow: readers,
    takesAt: true,
    query,
    answer: z.object({
      fromAtMs: z.number(),
      toAtMs: z.number(),
      nowMs: z.number(),
      tasks: z.array(z.looseObject({ taskId: z.string(), segments: z.array(z.looseObject({})) })),
      marks: z.array(z.looseObject({})),
      omitted: z.number(),
    }),
    handle: picture,
  }),
];

async function picture({ board, query: asked, read }: Call<unknown, z.infer<typeof query>>) {
  const { queries, position, nowMs } = await read();
  const { from, to, tasks: taskIds, limit, ...whose } = asked;
  const isRange = from !== undefined || to !== undefined;
  const range = isRange ? await rangeOf(board.log, { from, to }, nowMs) : undefined;
  if (range?.refused) return range;
  const filter = { ...said({ ...whose, taskIds }), limit };
  const all = tasksPictured(queries, { filter, range }, nowMs);
  // The latest are kept; they are shown in the order of their age.
  const shown = all.slice(0, limit).sort((one, other) => one.seq - other.seq);
  const wanted = { taskIds: shown.map((task) => task.taskId), nowMs };
  const span = { fromAtMs: range?.fromAtMs, toAtMs: range?.toAtMs };
  const drawn = await readPicture(createPastReader(board.log), queries, { ...wanted, ...span });
  return { json: { ...drawn, nowMs, omitted: all.length - shown.length }, position };
}
