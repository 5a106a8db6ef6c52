/**
 * Three builds of a program, in the course of which the shape of an event changes twice: the worked
 * example of how events evolve. `CommentAdded` of the last one is the real one; the two before it
 * are made up, as if it had once been stored otherwise.
 *
 * 1. A comment said its text.
 * 2. It says who wrote it as well. What was written before has nobody to name.
 * 3. The text is called body, as it is everywhere else.
 */
import * as z from 'zod';
import { catalogue } from '../../../src/domain/catalogue.ts';
import { shape, type Upcast } from '../../../src/domain/event.ts';
import { nameSchema } from '../../../src/domain/task/events.ts';
import { type Codec, createCodec } from '../../../src/log/codec.ts';

const first = shape(1, z.object({ text: z.string() }));
const second = shape(2, z.object({ text: z.string(), author: nameSchema }));
const third = shape(3, catalogue.CommentAdded.schema);

/** From the shape of one build to that of the next. Neither is ever changed again. */
const fromFirst: Upcast = (data) => ({ ...data, author: 'unknown' });
const fromSecond: Upcast = ({ text, ...rest }) => ({ ...rest, body: text });

/** The codec of each build, oldest first: its catalogue, and the upcasters it had by then. */
export const builds: readonly [Codec, Codec, Codec] = [
  createCodec({ ...catalogue, CommentAdded: first }, {}),
  createCodec({ ...catalogue, CommentAdded: second }, { CommentAdded: { 1: fromFirst } }),
  createCodec(
    { ...catalogue, CommentAdded: third },
    { CommentAdded: { 1: fromFirst, 2: fromSecond } },
  ),
];
