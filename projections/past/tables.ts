/**
 * Which tables a database of the past holds itself, and which it borrows from the present.
 *
 * Rows of the timeline and comments are written once, under the position of their event, and stay
 * as they are: up to a position they are the same in the present. Texts to search in are many, and
 * seldom asked for in the past: they are collected when somebody does.
 */
import { comments } from '../comments/comments.ts';
import { projections } from '../index.ts';
import type { Projection } from '../projection.ts';
import { search } from '../search/search.ts';
import { timeline } from '../timeline/timeline.ts';

/** The tables of the present, read up to a position. */
export const borrowed: readonly Projection[] = [comments as Projection, timeline];

/** The tables that are folded. */
export const folded: readonly Projection[] = projections.filter(
  (each) => !borrowed.includes(each) && each !== search,
);

/** The names of the columns that are the key of a table. */
export function keyOf({ key }: Projection): readonly string[] {
  return key.split(', ');
}
