/** What the server finds in texts that the page does not have: bodies, comments, results. */
import { createContext, useContext, useEffect, useState } from 'react';
import type { Recorded } from '../../domain/catalogue.ts';
import { streamCategory } from '../../domain/streams.ts';
import type { TaskRecord } from '../../domain/task/record.ts';
import { useParts } from '../shell/page-context.ts';
import { isOnCard, wordsOf } from '../state/filter.ts';

/** What was found. */
export interface Found {
  readonly words: string;
  /** The piece of text that fits, by the id of its task; the words stand between « and ». */
  readonly snippets: ReadonlyMap<string, string>;
  /** Whether the answer is still on its way. */
  readonly isAsking: boolean;
  /** Why there may be more than what is shown. */
  readonly note: string | null;
}

const nothing: Found = { words: '', snippets: new Map(), isAsking: false, note: null };

/** Carries what was found to the cards. */
export const FoundContext = createContext<Found>(nothing);

/** Where the texts of a task say what was searched for; undefined when its card says it. */
export function useSnippets(): (record: TaskRecord) => string | undefined {
  const { words, snippets } = useContext(FoundContext);
  return (record) => {
    const snippet = snippets.get(record.taskId);
    return snippet === undefined || isOnCard(record, wordsOf(words)) ? undefined : snippet;
  };
}

/** Somebody is still typing, ms. */
const typingMs = 200;
/** Most tasks that are found in their texts. */
const hitsMax = 500;

/** Asks for the words in all texts, and again when somebody writes more of them. */
export function useSearch(words: string): Found {
  const { ask, live } = useParts();
  const [found, setFound] = useState(nothing);
  const [turn, setTurn] = useState(0);
  const wanted = words.trim();

  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks once more
  useEffect(() => {
    if (wanted === '') return;
    const control = new AbortController();
    const { signal } = control;
    const timer = setTimeout(async () => {
      const query = new URLSearchParams({ q: wanted, archived: 'true', limit: `${hitsMax}` });
      const answer = await ask<Hits>(`/search?${query}`, { signal });
      if (signal.aborted) return;
      const hits = answer.ok ? answer.value.hits : [];
      setFound({
        words: wanted,
        snippets: new Map(hits.map(({ id, snippet }) => [id, snippet])),
        isAsking: false,
        note: answer.ok
          ? noteOn(answer.value)
          : `Only what cards say was searched. ${answer.problem.detail}`,
      });
    }, typingMs);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [ask, wanted, turn]);

  useEffect(() => {
    if (wanted === '') return;
    return live.listen((event) => {
      if (hasNewText(event)) setTurn((before) => before + 1);
    });
  }, [live, wanted]);

  if (wanted === '') return nothing;
  return found.words === wanted ? found : searching;
}

function noteOn({ hits, total }: Hits): string | null {
  if (total <= hits.length) return null;
  return `These are the best ${hits.length} of many: one more word would find fewer.`;
}

const searching: Found = { ...nothing, isAsking: true };

function hasNewText({ stream, type }: Recorded): boolean {
  return streamCategory(stream) === 'note' || type === 'TaskEdited' || type === 'TaskCreated';
}

interface Hits {
  readonly total: number;
  readonly hits: readonly { readonly id: string; readonly snippet: string }[];
}
