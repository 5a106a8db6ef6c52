/** Makes a task where it is to stand: a title, and who should do it. */
import { useState } from 'react';
import { useParts } from '../shell/page-context.ts';
import { useComplaint } from '../shell/use-deeds.ts';
import { useNames } from '../shell/use-names.ts';
import type { ColumnKey } from '../state/columns.ts';
import type { BoardKeys } from './use-board-keys.ts';

/** The form at the top of a column. It stays open for the next task. */
export function NewTaskForm({ column, keys }: NewTaskFormProps) {
  const { deeds, live, notices } = useParts();
  const { assignees } = useNames();
  const complain = useComplaint();
  const [title, setTitle] = useState('');
  const [assignee, setAssignee] = useState('');
  const close = () => keys.create(undefined);

  async function submit(): Promise<void> {
    const words = title.trim();
    if (words === '') return;
    const answer = await deeds.create({
      title: words,
      ...(assignee !== '' && { assignee }),
      ...(column === 'triage' && { triage: true }),
    });
    if (!answer.ok) return complain(answer.problem);
    setTitle('');
    await live.reached(answer.position);
    notices.say(`${answer.value.id} was made.`);
  }

  return (
    <form
      className="new-task"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close();
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened to be written in
        autoFocus
        aria-label="Title of the new task"
        placeholder="What is to be done?"
        maxLength={500}
        value={title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <p>
        <select
          aria-label="Who should do it"
          value={assignee}
          onChange={({ target }) => setAssignee(target.value)}
        >
          <option value="">Nobody yet</option>
          {assignees.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span className="gap" />
        <button type="button" className="quiet" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={title.trim() === ''}>
          Create
        </button>
      </p>
    </form>
  );
}

interface NewTaskFormProps {
  readonly column: ColumnKey;
  readonly keys: BoardKeys;
}
