/** A text that becomes a field when it is pressed; Enter saves it, Escape leaves it as it was. */
import { useParts } from '../shell/page-context.ts';
import { useDraft } from './use-draft.ts';

/** The text. */
export function EditableText({ label, value, placeholder, onSave }: EditableTextProps) {
  const { canWrite, notices } = useParts();
  const draft = useDraft(value);

  async function save(): Promise<void> {
    if (draft.text === undefined) return;
    const saved = await draft.save(async (text) => {
      return text.trim() === value || (await onSave(text.trim()));
    });
    if (saved !== 'moved') return;
    const now = value === '' ? 'It is empty now.' : `It is “${value}” now.`;
    notices.complain(`${label} was changed while you wrote.`, `${now} Enter replaces that.`);
  }

  if (!canWrite) return <span>{value === '' ? placeholder : value}</span>;
  if (draft.text === undefined) {
    return (
      <button
        type="button"
        className={value === '' ? 'editable void' : 'editable'}
        aria-label={`${label}: ${value === '' ? placeholder : value}. Change it`}
        onClick={draft.begin}
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
      value={draft.text}
      onChange={({ target }) => draft.write(target.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save();
        if (event.key === 'Escape') draft.end();
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
