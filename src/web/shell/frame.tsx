/** What is on the page at any time: the bars, and the view that was chosen. */
import { lazy, Suspense, useState } from 'react';
import { BoardView } from '../board/board-view.tsx';
import { NoticeList } from '../parts/notice-list.tsx';
import type { ViewName } from '../state/address.ts';
import { AttentionStrip } from './attention-strip.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { Help } from './help.tsx';
import { useKeys } from './keys.ts';
import { useLooking } from './page-context.ts';
import { Palette } from './palette.tsx';
import { TopBar } from './top-bar.tsx';

const Drawer = lazy(() =>
  import('../drawer/drawer.tsx').then(({ Drawer: it }) => ({ default: it })),
);
const PastBar = lazy(() =>
  import('../past/past-bar.tsx').then(({ PastBar: it }) => ({ default: it })),
);

const TimelineView = lazy(() =>
  import('../timeline/timeline-view.tsx').then(({ TimelineView: it }) => ({ default: it })),
);

const PlotsView = lazy(() =>
  import('../plots/plots-view.tsx').then(({ PlotsView: it }) => ({ default: it })),
);

type Opened = 'palette' | 'help' | undefined;

/** The page over the board that stands in `PageParts`, of now or of the past. */
export function Frame() {
  const { address } = useLooking();
  const [opened, setOpened] = useState<Opened>();
  useKeys([
    { keys: '?', what: 'this help', act: () => setOpened('help') },
    { keys: 'Mod+k', what: 'commands', act: () => setOpened('palette') },
  ]);
  // A dialog says that it is closed a moment after it was; another may be open by then.
  const close = (which: Opened) => () => setOpened((now) => (now === which ? undefined : now));
  const marks = [address.taskId !== null && 'with-drawer', address.at !== null && 'past'];

  return (
    <div className={['page', ...marks.filter(Boolean)].join(' ')}>
      <TopBar onHelp={() => setOpened('help')} onPalette={() => setOpened('palette')} />
      <AttentionStrip />
      <main>
        <View name={address.view} />
      </main>
      <Suspense>
        {address.taskId !== null && <Drawer key={address.taskId} taskId={address.taskId} />}
        {address.at !== null && <PastBar />}
      </Suspense>
      {/* Not loaded late: what is typed until they are there would be keys of the board. */}
      {opened === 'palette' && <Palette onClose={close('palette')} />}
      {opened === 'help' && <Help onClose={close('help')} />}
      <BulkBar />
      <NoticeList />
    </div>
  );
}

/** The view of that name; all but the board are loaded when they are looked at. */
function View({ name }: { readonly name: ViewName }) {
  if (name === 'board') return <BoardView />;
  return <Suspense>{name === 'timeline' ? <TimelineView /> : <PlotsView />}</Suspense>;
}
