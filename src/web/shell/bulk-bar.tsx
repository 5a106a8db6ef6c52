/** What can be done to all chosen cards at once. */

import type { MoveName } from '../../domain/task/moves.ts';
import { useAskWords } from '../parts/ask-words.tsx';
import { moveLooks } from '../state/moves.ts';
import { counted } from '../state/words.ts';
import { useParts } from './page-context.ts';
import { useSelection } from './selection.ts';
import { useChooseMatching } from './use-choose-matching.ts';
import { useLegalMoves } from './use-legal-moves.ts';

const offered: readonly MoveName[] = [
  'specify',
  'promote',
  'unblock',
  'approve',
  'complete',
  'block',
  'reopen',
  'restore',
  'archive',
];

/** The bar; there is none while nothing is chosen. */
export function BulkBar() {
  const { chosen, clear } = useSelection();
  const apply = useBulkMove();
  const legal = useLegalMoves(chosen);
  const chooseMatching = useChooseMatching();
  if (chosen.size === 0) return null;
  return (
    <section className="bulk" aria-label="Chosen tasks">
      <strong>{counted(chosen.size, 'task')}</strong>
      {chooseMatching !== undefined && (
        <button type="button" className="quiet" onClick={() => void chooseMatching()}>
          Choose all that match
        </button>
      )}
      {offered
        .filter((name) => legal.has(name))
        .map((name) => (
          <button key={name} type="button" onClick={() => void apply(name)}>
            {moveLooks[name].label}
          </button>
        ))}
      <button type="button" className="quiet" onClick={clear}>
        Clear <kbd>Esc</kbd>
      </button>
    </section>
  );
}

/** One deed for every chosen task; those that may not are left where they are, and said. */
function useBulkMove(): (name: MoveName) => Promise<void> {
  const { deeds, notices, live } = useParts();
  const { chosen, choose } = useSelection();
  const ask = useAskWords();

  return async (name) => {
    const { label, says, isGrave = false } = moveLooks[name];
    const title = `${label}: ${counted(chosen.size, 'task')}`;
    // What was done is another thing for each of them; a reason can be the same for all.
    const isAsked = chosen.size === 1 || says?.what === 'reason';
    const words = isAsked && says && { label: says.what === 'reason' ? 'Reason' : 'Summary' };
    const isNeeded = says?.isNeeded ?? false;
    const text = await ask({ title, confirm: label, isGrave, isNeeded, ...words });
    if (text === undefined) return;
    const answer = await deeds.moveAll(name, [...chosen], { text });
    if (!answer.ok) return notices.complain(answer.problem.detail, answer.problem.hint);
    await live.reached(answer.position);
    const { done, results } = answer.value;
    const left = results.filter(({ ok }) => ok !== true);
    if (done > 0) notices.say(`${label}: ${counted(done, 'task')}.`);
    const [first] = left;
    if (first !== undefined) {
      notices.complain(`${counted(left.length, 'task')} refused.`, first.error?.detail);
    }
    choose(left.map(({ id }) => id));
  };
}
