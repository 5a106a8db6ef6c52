/** Editing and specifying a task. */
import { describe, expect, it } from 'vitest';
import { completed, created, storyOf } from '../../kit/a-task.ts';
import { givenTask as given } from '../../kit/given.ts';

const edit = (changes: object) => ({ type: 'EditTask' as const, changes });

describe('editing a task', () => {
  it('records what changes', () => {
    const after = given(...storyOf.queued)
      .when(edit({ title: 'Paint the mast', tenant: 'harbour' }))
      .then({
        type: 'TaskEdited',
        data: { changes: { title: 'Paint the mast', tenant: 'harbour' } },
      });
    expect(after).toMatchObject({ title: 'Paint the mast', tenant: 'harbour' });
  });

  it('leaves out what stays as it is', () => {
    given(...storyOf.queued)
      .when(edit({ title: 'Paint the hull', branch: 'hull' }))
      .then({ type: 'TaskEdited', data: { changes: { branch: 'hull' } } });
  });

  it('has nothing to do when nothing changes', () => {
    given(...storyOf.queued)
      .when(
        edit({ title: 'Paint the hull', skills: [], body: null, workspace: { kind: 'scratch' } }),
      )
      .thenNothing();
  });

  it('clears a field with null', () => {
    const after = given(created({ body: 'Red.', maxRetries: 5 }))
      .when(edit({ body: null, maxRetries: null }))
      .then({ type: 'TaskEdited', data: { changes: { body: null, maxRetries: null } } });
    expect(after).toMatchObject({ body: null, maxRetries: null });
  });

  it('moves a task to another workspace', () => {
    const workspace = { kind: 'worktree', path: '/srv/hull' } as const;
    const after = given(...storyOf.queued)
      .when(edit({ workspace }))
      .then({ type: 'TaskEdited', data: { changes: { workspace } } });
    expect(after?.workspace).toEqual(workspace);
  });

  it('turns a workspace that is cleared into a scratch one, once', () => {
    const after = given(created({ workspace: { kind: 'dir', path: '/srv/hull' } }))
      .when(edit({ workspace: null }))
      .then({ type: 'TaskEdited', data: { changes: { workspace: { kind: 'scratch' } } } });
    expect(after?.workspace).toEqual({ kind: 'scratch' });
    given(...storyOf.queued)
      .when(edit({ workspace: null }))
      .thenNothing();
  });

  it('is possible while a run is open: the next attempt sees it', () => {
    given(...storyOf.running)
      .when(edit({ body: 'Blue.' }))
      .then({ type: 'TaskEdited', data: { changes: { body: 'Blue.' } } });
  });

  it('is over once the task is put away', () => {
    given(...storyOf.archived)
      .when(edit({ body: 'Blue.' }))
      .thenRefused('wrong_status', { status: 'archived' });
  });
});

describe('the result of a task', () => {
  it('can be corrected once there is one', () => {
    const after = given(...storyOf.done)
      .when(edit({ summary: 'Three coats.', result: 'red' }))
      .then({
        type: 'TaskEdited',
        data: { changes: { summary: 'Three coats.', result: 'red' } },
      });
    expect(after?.handOff).toEqual({ summary: 'Three coats.', result: 'red' });
    given(...storyOf.review)
      .when(edit({ metadata: { coats: 3 } }))
      .then({ type: 'TaskEdited', data: { changes: { metadata: { coats: 3 } } } });
  });

  it('can be withdrawn', () => {
    const after = given(created(), completed)
      .when(edit({ summary: null }))
      .then({ type: 'TaskEdited', data: { changes: { summary: null } } });
    expect(after?.handOff).toBeNull();
  });

  it('cannot be set before the work is done', () => {
    given(...storyOf.running)
      .when(edit({ summary: 'Done soon.' }))
      .thenRefused('wrong_status', { status: 'running' });
    given(...storyOf.triage)
      .when({ type: 'SpecifyTask', changes: { result: 'red' } })
      .thenRefused('wrong_status', { status: 'triage' });
  });
});

describe('specifying a task', () => {
  it('takes it out of triage, with what was missing', () => {
    const after = given(...storyOf.triage)
      .when({ type: 'SpecifyTask', changes: { title: 'Paint the hull', body: 'Red.' } })
      .then({ type: 'TaskSpecified', data: { changes: { body: 'Red.' } } });
    expect(after).toMatchObject({ body: 'Red.', standing: { status: 'queued' } });
  });

  it('needs no changes: the task may have been clear all along', () => {
    given(...storyOf.triage)
      .when({ type: 'SpecifyTask', changes: {} })
      .then({ type: 'TaskSpecified', data: { changes: {} } });
  });

  it('is for tasks in triage only', () => {
    given(...storyOf.queued)
      .when({ type: 'SpecifyTask', changes: {} })
      .thenRefused('wrong_status', { status: 'queued' });
  });
});
