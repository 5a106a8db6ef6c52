/** Creating a task: what it starts out as, and what happens when it is created again. */
import { describe, expect, it } from 'vitest';
import { created, laterMs, parentId, storyOf } from '../../kit/a-task.ts';
import { givenTask as given, storyAtMs } from '../../kit/given.ts';

const create = (fields = {}, missingParents: readonly string[] = []) => ({
  type: 'CreateTask' as const,
  fields: created(fields).data,
  missingParents,
});

describe('a new task', () => {
  it('keeps what was said about it, and nothing that was not', () => {
    given()
      .when(create({ body: 'Red.', tenant: undefined }))
      .then(created({ body: 'Red.' }));
  });

  it('waits in the queue with modest defaults', () => {
    expect(given(created()).state).toMatchObject({
      standing: { status: 'queued' },
      priority: 0,
      workspace: { kind: 'scratch' },
      parents: [],
      attempts: 0,
      failures: 0,
      notBeforeMs: null,
      createdAtMs: storyAtMs,
    });
  });

  it('remembers everything that was said about it', () => {
    const fields = {
      body: 'Red.',
      assignee: 'painter',
      priority: 3,
      tenant: 'harbour',
      parents: [parentId],
      workspace: { kind: 'dir' as const, path: '/srv/hull' },
      branch: 'hull',
      skills: ['paint'],
      model: 'brush-2',
      maxRuntimeMs: 60_000,
      maxRetries: 5,
      idempotencyKey: 'hull-7',
      workflowTemplateId: 'spring',
      stepKey: 'paint',
      notBeforeMs: laterMs,
    };
    expect(given(created(fields)).state).toMatchObject(fields);
  });

  it('can start in triage, blocked, or at a later time', () => {
    const standingOf = (fields: object) => given(created(fields)).state?.standing;
    expect(standingOf({ triage: true })).toEqual({ status: 'triage' });
    expect(standingOf({ initialBlock: 'Wait for paint.' })).toEqual({
      status: 'blocked',
      cause: 'operator',
      reason: 'Wait for paint.',
    });
    const scheduled = given(created({ notBeforeMs: laterMs })).state;
    expect(scheduled).toMatchObject({ notBeforeMs: laterMs, hold: 'schedule' });
  });

  it('names only parents that exist', () => {
    given()
      .when(create({ parents: [parentId] }, [parentId]))
      .thenRefused('no_such_parent', { missingParents: [parentId] });
  });

  it('has each parent once, however often it was named', () => {
    given()
      .when(create({ parents: [parentId, parentId] }))
      .then(created({ parents: [parentId] }));
  });
});

describe('a task that exists', () => {
  it('is not created over', () => {
    given(...storyOf.queued)
      .when(create())
      .thenRefused('already_exists');
  });

  it('is what a repeat with its idempotency key finds', () => {
    given(created({ idempotencyKey: 'hull-7' }))
      .when(create({ idempotencyKey: 'hull-7' }))
      .thenNothing();
  });

  it('is not what another key finds', () => {
    given(created({ idempotencyKey: 'hull-7' }))
      .when(create({ idempotencyKey: 'hull-8' }))
      .thenRefused('already_exists');
  });
});

it('nothing can be asked of a task that does not exist', () => {
  given().when({ type: 'UnblockTask' }).thenRefused('no_such_task');
});
