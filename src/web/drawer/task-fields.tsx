/** What a task says about itself, each field with its own change. */
import { type ReactNode, useState } from 'react';
import type { TaskDocument } from '../api/task-document.ts';
import { useParts } from '../shell/page-context.ts';
import { useNames } from '../shell/use-names.ts';
import { EditableText } from './editable-text.tsx';
import { useChange, useEdit } from './use-edit.ts';

/** The fields. */
export function TaskFields({ task }: { readonly task: TaskDocument }) {
  const edit = useEdit(task);
  const change = useChange(task);

  return (
    <dl className="fields">
      <Field name="Assignee">
        <AssigneeField task={task} />
      </Field>
      <Field name="Priority">
        <EditableText
          label="Priority"
          value={`${task.priority}`}
          onSave={(text) =>
            change((deeds, revision) => deeds.prioritize(task.id, Number(text), revision))
          }
        />
      </Field>
      <Field name="Not before">
        <MomentField
          key={task.notBefore}
          value={task.notBefore}
          onSave={(at) => change((deeds, revision) => deeds.schedule(task.id, at, revision))}
        />
      </Field>
      <TextField name="Tenant" value={task.tenant} onSave={(tenant) => edit({ tenant })} />
      <TextField name="Branch" value={task.branch} onSave={(branch) => edit({ branch })} />
      <TextField name="Model" value={task.model} onSave={(model) => edit({ model })} />
      <TextField
        name="Skills"
        value={task.skills.join(', ')}
        onSave={(text) => edit({ skills: wordsOf(text) })}
      />
      <TextField
        name="Retry limit"
        value={task.maxRetries === null ? null : `${task.maxRetries}`}
        placeholder="as the board"
        onSave={(text) => edit({ maxRetries: text === null ? null : Number(text) })}
      />
    </dl>
  );
}

function AssigneeField({ task }: { readonly task: TaskDocument }) {
  const { canWrite } = useParts();
  const { assignees } = useNames();
  const change = useChange(task);
  if (!canWrite) return task.assignee ?? 'nobody';
  return (
    <select
      aria-label="Assignee"
      value={task.assignee ?? ''}
      onChange={({ target }) => {
        const to = target.value === '' ? null : target.value;
        void change((deeds, revision) => deeds.assign(task.id, to, revision));
      }}
    >
      <option value="">nobody</option>
      {[...new Set([...assignees, ...(task.assignee === null ? [] : [task.assignee])])].map(
        (name) => (
          <option key={name}>{name}</option>
        ),
      )}
    </select>
  );
}

/** A field for a time; empty it is a word, which is shorter. */
function MomentField({ value, onSave }: MomentFieldProps) {
  const { canWrite } = useParts();
  const [isOpen, setOpen] = useState(value !== null);
  if (!canWrite) return value === null ? 'any time' : localOf(value).replace('T', ' ');
  if (!isOpen) {
    return (
      <button
        type="button"
        className="editable void"
        aria-label="Not before: any time. Change it"
        onClick={() => setOpen(true)}
      >
        any time
      </button>
    );
  }
  return (
    <input
      type="datetime-local"
      aria-label="Not before"
      defaultValue={localOf(value)}
      onBlur={({ target }) => {
        const at = target.value === '' ? null : new Date(target.value).toISOString();
        if (localOf(at) !== localOf(value)) void onSave(at);
        setOpen(at !== null);
      }}
    />
  );
}

interface MomentFieldProps {
  readonly value: string | null;
  readonly onSave: (at: string | null) => Promise<boolean>;
}

function Field({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function TextField({ name, value, placeholder = 'none', onSave }: TextFieldProps) {
  return (
    <Field name={name}>
      <EditableText
        label={name}
        value={value ?? ''}
        placeholder={placeholder}
        onSave={(text) => onSave(text === '' ? null : text)}
      />
    </Field>
  );
}

interface TextFieldProps {
  readonly name: string;
  readonly value: string | null;
  readonly placeholder?: string;
  readonly onSave: (text: string | null) => Promise<boolean>;
}

function wordsOf(text: string | null): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

/** A moment as the field has it: without a zone, in the zone of this browser. */
function localOf(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
