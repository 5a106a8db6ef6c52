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
import { useComplaint } from './use-deeds.ts';

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
          <Row key={`${need.isOfBoard} ${need.taskId}`} need={need} />
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

function Row({ need }: { readonly need: Need }) {
  const { taskId, title, tone, what, isOfBoard } = need;
  const { look } = useLooking();
  return (
    <li className={tone}>
      {icons.warning}
      <button type="button" className="link" onClick={() => look({ taskId })}>
        {!isOfBoard && <span className="id">{taskId}</span>} {title}
      </button>
      <span className="what">{what}</span>
      <HelpButton need={need} />
    </li>
  );
}

function HelpButton({ need: { help, taskId } }: { readonly need: Need }) {
  const { look } = useLooking();
  const { deeds, canWrite } = useParts();
  const move = useSpokenMove();
  const complain = useComplaint();
  if (help === 'why') {
    return (
      <button type="button" onClick={() => look({ taskId, isWhy: true })}>
        Why?
      </button>
    );
  }
  if (!canWrite) return null;
  if (help === 'resume') {
    return (
      <button type="button" onClick={() => void resume()}>
        Resume
      </button>
    );
  }
  return (
    <button type="button" onClick={() => void move(help, taskId)}>
      {moveLooks[help].label}
    </button>
  );

  async function resume(): Promise<void> {
    const answer = await deeds.resume();
    if (!answer.ok) complain(answer.problem);
  }
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
