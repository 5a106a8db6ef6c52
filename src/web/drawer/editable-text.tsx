/** A text that becomes a field when it is pressed; Enter saves it, Escape leaves it as it was. */
import { useState } from 'react';
import { useParts } from '../shell/page-context.ts';

/** The text. */
export function EditableText({ label, value, placeholder, onSave }: EditableTextProps) {
  const { canWrite } = useParts();
  const [draft, setDraft] = useState<string>();

  async function save(): Promise<void> {
    if (draft === undefined) return;
    const isSame = draft.trim() === value;
    if (isSame || (await onSave(draft.trim()))) setDraft(undefined);
  }

  if (!canWrite) return <span>{value === '' ? placeholder : value}</span>;
  if (draft === undefined) {
    return (
      <button
        type="button"
        className={value === '' ? 'editable void' : 'editable'}
        aria-label={`${label}: ${value === '' ? placeholder : value}. Change it`}
        onClick={() => setDraft(value)}
      >
        {value === '' ? placeholder : value}
      </button>
    );
  }
  return (
    <input
      className="editing"
      // biome-ignore lint/a11y/noAutofocus: it was pressed to be written in
      autoFocus
      aria-label={label}
      value={draft}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}

interface EditableTextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  /** Answers whether it was saved; else the field stays open. */
  readonly onSave: (value: string) => Promise<boolean>;
}
