/** Signs the browser in, reads the board, and puts the page on the screen. */
import { createRoot, type Root } from 'react-dom/client';
import type { BoardDocument } from './api/board-document.ts';
import { createClient, type Problem } from './api/client.ts';
import { Closed, Opening, Stumbled } from './shell/closed.tsx';
import { boardPath, openParts } from './shell/open-parts.ts';
import { Page } from './shell/page.tsx';
import { applyTheme } from './shell/theme.ts';
import { addressOf } from './state/address.ts';
import './styles/tokens.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/board.css';

applyTheme();
const place = document.getElementById('page');
if (place !== null) void start(createRoot(place, { onUncaughtError: sayIn(place) }));

/** An error that nobody expected empties the page; this puts what happened in its place. */
function sayIn(place: HTMLElement): (error: unknown) => void {
  return (error) => {
    console.error(error);
    const instead = place.cloneNode() as HTMLElement;
    place.replaceWith(instead);
    createRoot(instead).render(<Stumbled error={error} />);
  };
}

async function start(root: Root): Promise<void> {
  root.render(<Opening />);
  const ask = createClient(fetch.bind(globalThis), () => crypto.randomUUID());
  const problem = await redeem(takeCode());
  const { archived } = addressOf(location.search).filter;
  const answer = await ask<BoardDocument>(boardPath(archived));
  if (!answer.ok) {
    root.render(<Closed problem={problem ?? answer.problem} />);
    return;
  }
  root.render(<Page parts={openParts(ask, answer.value, archived)} />);

  async function redeem(code: string | null): Promise<Problem | undefined> {
    if (code === null) return undefined;
    const signedIn = await ask('/session', { method: 'POST', body: { code } });
    return signedIn.ok ? undefined : signedIn.problem;
  }
}

/** The one-time code of the address; it leaves the address and the history at once. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}
