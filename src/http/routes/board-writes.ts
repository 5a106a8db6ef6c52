/** The board itself, changed. */
import * as z from 'zod';
import type { BoardCommand } from '../../domain/board/state.ts';
import { streams } from '../../domain/catalogue.ts';
import { longTextSchema, nameSchema } from '../../domain/task/events.ts';
import { boardJson } from '../../wire/board-json.ts';
import { operators } from '../principal.ts';
import { type Call, type Reply, type Route, route } from '../route.ts';

const changedBoard = z.looseObject({
  name: z.string().nullable(),
  isPaused: z.boolean(),
  changed: z.boolean(),
  position: z.number(),
});

const because = z.strictObject({ reason: longTextSchema.optional() });

/** The routes that change the board. */
export const boardWriteRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/board/pause',
    summary: 'start nothing more; what runs goes on',
    allow: operators,
    body: because,
    answer: changedBoard,
    handle: (call) => change(call, { type: 'PauseBoard', reason: call.body.reason }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/board/resume',
    summary: 'start tasks again',
    allow: operators,
    body: because,
    answer: changedBoard,
    handle: (call) => change(call, { type: 'ResumeBoard', reason: call.body.reason }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/board/rename',
    summary: 'give the board another name',
    allow: operators,
    body: z.strictObject({ name: nameSchema }),
    answer: changedBoard,
    handle: (call) => change(call, { type: 'RenameBoard', name: call.body.name }),
  }),
];

async function change(call: Call, command: BoardCommand): Promise<Reply> {
  const earlier = await call.earlier(streams.board);
  const answer =
    earlier === undefined
      ? await call.commands().changeBoard(command)
      : { refused: false as const, changed: true, position: earlier };
  if (answer.refused) return answer;
  const { queries } = await call.read();
  const { changed, position } = answer;
  return { json: { ...boardJson(call.parts.place, queries), changed, position }, position };
}
