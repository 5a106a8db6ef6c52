/** What the drawer tells of a task, from what is wrong to what happened first. */
import type { TaskDocument } from '../api/task-document.ts';
import { CommentList } from './comment-list.tsx';
import { Dependencies } from './dependencies.tsx';
import { EventList } from './event-list.tsx';
import { Findings } from './findings.tsx';
import { RunList } from './run-list.tsx';
import { TaskBody } from './task-body.tsx';
import { TaskFields } from './task-fields.tsx';

/** The parts, in the order of their use. */
export function TaskParts({ task }: { readonly task: TaskDocument }) {
  return (
    <>
      <Findings task={task} />
      <TaskFields task={task} />
      <TaskBody task={task} />
      <Dependencies task={task} />
      <RunList task={task} />
      <CommentList task={task} />
      <EventList task={task} />
    </>
  );
}
