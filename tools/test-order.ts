/**
 * The order of the test files: rooms whose files take long come first, so that the workers end at
 * the same time, on a machine that has never seen the tests as well.
 */
import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The rooms under test/ that take longest, the longest first. */
const longRooms = ['simulation', 'system', 'dispatcher', 'cli', 'projections'];

/** A vitest sequencer: the files of long rooms first, within what projects and durations say. */
export class LongRoomsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => this.#rank(one) - this.#rank(other));
  }

  /** Files that share their processes come last, room by room: a process is used again at once. */
  #rank({ moduleId, project }: TestSpecification): number {
    const [, room = ''] = relative(this.ctx.config.root, moduleId).split(sep);
    const place = longRooms.indexOf(room);
    const rank = place === -1 ? longRooms.length : place;
    return project.config.isolate ? rank : rank + longRooms.length + 1;
  }
}
