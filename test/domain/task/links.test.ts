/** Dependencies between tasks: adding and removing parents. */
import { describe, expect, it } from 'vitest';
import { listItemsMax } from '../../../src/domain/limits.ts';
import { created, parentId, storyOf, taskId } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const link = (fields = {}) => ({
  type: 'AddParent' as const,
  taskId,
  parentId,
  parentExists: true,
  closesCycle: false,
  ...fields,
});
const unlink = { type: 'RemoveParent', parentId } as const;

describe('linking a parent', () => {
  it('makes the task wait for it', () => {
    const after = given(...storyOf.queued)
      .when(link())
      .then({ type: 'ParentAdded', data: { parentId } });
    expect(after?.parents).toEqual([parentId]);
  });

  it('twice is once', () => {
    given(created({ parents: [parentId] }))
      .when(link())
      .thenNothing();
  });

  it('needs a parent that exists', () => {
    given(...storyOf.queued)
      .when(link({ parentExists: false }))
      .thenRefused('no_such_parent', { parentId });
  });

  it('is refused for the task itself', () => {
    given(...storyOf.queued)
      .when(link({ parentId: taskId }))
      .thenRefused('self_parent', { parentId: taskId });
  });

  it('never closes a circle', () => {
    given(...storyOf.queued)
      .when(link({ closesCycle: true }))
      .thenRefused('cycle', { parentId, childId: taskId });
  });

  it('comes too late for a run that has started', () => {
    given(...storyOf.running)
      .when(link())
      .thenRefused('wrong_status', { status: 'running' });
  });

  it('stops at the limit that a new task has, too', () => {
    const parents = Array.from(
      { length: listItemsMax },
      (_, i) => `T-${String(i).padStart(10, '0')}`,
    );
    given(created({ parents })).when(link()).thenRefused('invalid', { parents: listItemsMax });
  });
});

describe('unlinking a parent', () => {
  it('stops the task waiting for it', () => {
    const after = given(created({ parents: [parentId] }))
      .when(unlink)
      .then({ type: 'ParentRemoved', data: { parentId } });
    expect(after?.parents).toEqual([]);
  });

  it.each(Object.entries(storyOf))(
    'is possible in %s: it is how a circle is broken',
    (_, story) => {
      given(created({ parents: [parentId] }), ...story.slice(1))
        .when(unlink)
        .then({ type: 'ParentRemoved', data: { parentId } });
    },
  );

  it('that is not there is nothing to do', () => {
    given(...storyOf.queued)
      .when(unlink)
      .thenNothing();
  });

  it('forgets that the parent was once skipped: linked again, it counts again', () => {
    const after = given(created({ parents: [parentId] }), {
      type: 'TaskPromoted',
      data: { forced: true, waivedParents: [parentId] },
    })
      .when(unlink)
      .then({ type: 'ParentRemoved', data: { parentId } });
    expect(after?.waivedParents).toEqual([]);
  });
});
