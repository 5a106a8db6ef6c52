/** What needs a person, each with the button that helps; nothing is shown when nothing does. */
import { useMemo, useState } from 'react';
import { statusOf } from '../../domain/readiness.ts';
import { icons } from '../parts/icons.tsx';
import { useSpokenMove } from '../parts/use-spoken-move.ts';
import { type Need, needsOf } from '../state/attention.ts';
import { moveLooks } from '../state/moves.ts';
import { counted } from '../state/words.ts';
import { useLooking, useParts } from './page-context.ts';
import { useBoard, useNow } from './use-board.ts';

const shownAtFirst = 2;
const lookEveryMs = 1_000;

/** The strip. */
export function AttentionStrip() {
  const needs = useNeeds();
  const [isOpen, setOpen] = useState(false);
  if (needs.length === 0) return null;
  const shown = isOpen ? needs : needs.slice(0, shownAtFirst);
  const more = needs.length - shownAtFirst;
  return (
    <section className="attention" aria-label="Needs attention">
      <h2>{counted(needs.length, 'needs you', 'need you')}</h2>
      <ul>
        {shown.map((need) => (
          <Row key={need.taskId} need={need} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="quiet" onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fewer' : `${more} more`}
        </button>
      )}
    </section>
  );
}

function Row({ need: { taskId, title, tone, what, move } }: { readonly need: Need }) {
  const { look } = useLooking();
  const doMove = useSpokenMove();
  return (
    <li className={tone}>
      {icons.warning}
      <button type="button" className="link" onClick={() => look({ taskId })}>
        <span className="id">{taskId}</span> {title}
      </button>
      <span className="what">{what}</span>
      {move !== null && (
        <button type="button" onClick={() => void doMove(move, taskId)}>
          {moveLooks[move].label}
        </button>
      )}
    </li>
  );
}

function useNeeds(): readonly Need[] {
  const { workers } = useParts();
  const board = useBoard();
  const nowMs = useNow(lookEveryMs);
  return useMemo(() => {
    const { fold } = board;
    const shown = [...fold.tasks.values()].map((record) => {
      const { openParents } = record;
      return { record, status: statusOf(record.task, { openParents, nowMs }) };
    });
    return needsOf(shown, fold, { nowMs, workers });
  }, [board, nowMs, workers]);
}
