/** The head of the drawer: title, status, and the deeds that are possible now. */
import { useState } from 'react';
import type { MoveName, PossibleMove } from '../../domain/task/moves.ts';
import type { TaskDocument } from '../api/task-document.ts';
import { Glyph, icons } from '../parts/icons.tsx';
import { useSpokenMove } from '../parts/use-spoken-move.ts';
import { useLooking, useParts } from '../shell/page-context.ts';
import { statusWords } from '../state/card.ts';
import { columnOf } from '../state/columns.ts';
import { moveLooks } from '../state/moves.ts';
import { EditableText } from './editable-text.tsx';
import { useDocument } from './use-document.ts';
import { useEdit } from './use-edit.ts';

/** The head. */
export function TaskHead({ task, isWhy, onWhy }: TaskHeadProps) {
  const { look } = useLooking();
  const edit = useEdit(task);
  return (
    <header className="drawer-head">
      <p className="line">
        <span className="id">{task.id}</span>
        <span className="status">
          <Glyph column={columnOf(task.status)} />
          {statusWords[task.status]}
        </span>
        <CopyButton text={task.id} />
        <small className="made" title={new Date(task.createdAt).toLocaleString('en-GB')}>
          by {task.createdBy}
        </small>
        <span className="gap" />
        <button
          type="button"
          className="quiet"
          aria-label="Close"
          title="Close (Esc)"
          onClick={() => look({ taskId: null })}
        >
          {icons.close}
        </button>
      </p>
      <h2>
        <EditableText label="Title" value={task.title} onSave={(title) => edit({ title })} />
      </h2>
      <Deeds task={task}>
        <button type="button" aria-pressed={isWhy} onClick={onWhy}>
          Why? <kbd>w</kbd>
        </button>
      </Deeds>
    </header>
  );
}

interface TaskHeadProps {
  readonly task: TaskDocument;
  readonly isWhy: boolean;
  readonly onWhy: () => void;
}

const leading: ReadonlySet<MoveName> = new Set(['approve', 'unblock', 'specify', 'promote']);
const never = () => false;

function Deeds({
  task,
  children,
}: {
  readonly task: TaskDocument;
  readonly children: React.ReactNode;
}) {
  const move = useSpokenMove();
  const path = `/tasks/${task.id}/moves?minPosition=${task.position}`;
  const { value } = useDocument<{ readonly moves: readonly PossibleMove[] }>(path, never);
  return (
    <p className="deeds">
      {value?.moves
        .filter(({ isLegal }) => isLegal)
        .map(({ name }, index) => (
          <button
            key={name}
            type="button"
            className={index === 0 && leading.has(name) ? 'primary' : ''}
            onClick={() => void move(name, task.id)}
          >
            {moveLooks[name].label}
          </button>
        ))}
      {children}
    </p>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const { notices } = useParts();
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      notices.complain('The browser does not let this page copy.');
    }
  }
  return (
    <button type="button" className="quiet small" onClick={() => void copy()}>
      {isCopied ? 'copied' : 'copy id'}
    </button>
  );
}
