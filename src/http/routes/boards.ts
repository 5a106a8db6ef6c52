/** The other boards of this machine. */
import * as z from 'zod';
import { operators } from '../principal.ts';
import { type Route, route } from '../route.ts';

/** The routes about other boards. Readers of one board have no business with the next. */
export const knownBoardRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/boards',
    summary: 'the boards of this machine that have a name or are served, and where',
    allow: operators,
    answer: z.object({
      boards: z.array(
        z.object({
          /** How to choose it with `--board`; null of a board in a folder. */
          slug: z.string().nullable(),
          name: z.string(),
          /** What to open in a browser; null while it is not served. */
          address: z.string().nullable(),
          isThis: z.boolean(),
        }),
      ),
    }),
    async handle({ parts, read }) {
      const { queries, position } = await read();
      const name = queries.board()?.name ?? parts.place.label;
      return { json: { boards: parts.knownBoards(name) }, position };
    },
  }),
];
