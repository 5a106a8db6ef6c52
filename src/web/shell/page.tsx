/** The page: what every part of it may use, over the board of now or of the past. */
import { lazy, Suspense, useEffect } from 'react';
import { AskWordsProvider } from '../parts/ask-words.tsx';
import { Frame } from './frame.tsx';
import { LookingContext, type PageParts, PartsContext } from './page-context.ts';
import { SelectionContext, useNewSelection } from './selection.ts';
import { useAddress } from './use-address.ts';

const Past = lazy(() => import('../past/past.tsx').then(({ Past: it }) => ({ default: it })));

/** The whole page over its parts. */
export function Page({ parts }: { readonly parts: PageParts }) {
  const looking = useAddress();
  const selection = useNewSelection();
  const { at, filter } = looking.address;
  useEffect(() => parts.includeArchived(filter.archived), [parts, filter.archived]);
  const frame = (
    <AskWordsProvider>
      <Frame />
    </AskWordsProvider>
  );

  return (
    <PartsContext value={parts}>
      <LookingContext value={looking}>
        <SelectionContext value={selection}>
          <Suspense>{at === null ? frame : <Past at={at}>{frame}</Past>}</Suspense>
        </SelectionContext>
      </LookingContext>
    </PartsContext>
  );
}
