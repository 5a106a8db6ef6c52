/** The page: its frame, the view that was chosen, and what opens on top of it. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { BoardView } from '../board/board-view.tsx';
import { AskWordsProvider } from '../parts/ask-words.tsx';
import { NoticeList } from '../parts/notice-list.tsx';
import { AttentionStrip } from './attention-strip.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { type KeyBinding, useKeys } from './keys.ts';
import { LookingContext, type PageParts, PartsContext } from './page-context.ts';
import { SelectionContext, useNewSelection } from './selection.ts';
import { TopBar } from './top-bar.tsx';
import { useAddress } from './use-address.ts';

const Drawer = lazy(() =>
  import('../drawer/drawer.tsx').then(({ Drawer: it }) => ({ default: it })),
);
const Palette = lazy(() => import('./palette.tsx').then(({ Palette: it }) => ({ default: it })));
const Help = lazy(() => import('./help.tsx').then(({ Help: it }) => ({ default: it })));

type Opened = 'palette' | 'help' | undefined;

/** The whole page over its parts. */
export function Page({ parts }: { readonly parts: PageParts }) {
  const looking = useAddress();
  const selection = useNewSelection();
  const [opened, setOpened] = useState<Opened>();
  const { address, look } = looking;
  const bindings: readonly KeyBinding[] = [
    { keys: '?', what: 'this help', act: () => setOpened('help') },
    { keys: 'Mod+k', what: 'commands', act: () => setOpened('palette') },
    { keys: 'g b', what: 'go to the board', act: () => look({ view: 'board', taskId: null }) },
  ];
  useKeys(bindings);
  const { archived } = address.filter;
  useEffect(() => parts.includeArchived(archived), [parts, archived]);
  const close = () => setOpened(undefined);

  return (
    <PartsContext value={parts}>
      <LookingContext value={looking}>
        <SelectionContext value={selection}>
          <AskWordsProvider>
            <div className={address.taskId === null ? 'page' : 'page with-drawer'}>
              <TopBar onHelp={() => setOpened('help')} onPalette={() => setOpened('palette')} />
              <AttentionStrip />
              <main>
                <BoardView />
              </main>
              <Suspense>
                {address.taskId !== null && <Drawer key={address.taskId} taskId={address.taskId} />}
                {opened === 'palette' && <Palette onClose={close} />}
                {opened === 'help' && <Help onClose={close} />}
              </Suspense>
              <BulkBar />
              <NoticeList />
            </div>
          </AskWordsProvider>
        </SelectionContext>
      </LookingContext>
    </PartsContext>
  );
}
