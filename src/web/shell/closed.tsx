/** What is shown in the place of a board that cannot be shown. */
import type { Problem } from '../api/client.ts';

/** What is shown until the board has come. */
export function Opening() {
  return (
    <main className="closed" aria-busy="true">
      <h2>Opening the board…</h2>
    </main>
  );
}

/** Says why there is no board, and how to get in. */
export function Closed({ problem }: { readonly problem: Problem }) {
  const isSignedOut = problem.status === 401;
  return (
    <main className="closed">
      <h1>{isSignedOut ? 'This browser is not signed in' : 'The board cannot be shown'}</h1>
      <p>{problem.detail}</p>
      {isSignedOut ? (
        <p>
          Run <code>logboard sign-in</code> where the board is served, and open the address it
          prints: it signs a browser in, once.
        </p>
      ) : (
        <p>{problem.hint}</p>
      )}
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  );
}

/** Says that the page itself has failed, and what to tell those who made it. */
export function Stumbled({ error }: { readonly error: unknown }) {
  return (
    <main className="closed">
      <h1>The page has stumbled</h1>
      <div role="alert">
        <p>
          Nothing is lost: the board goes on, and so do its workers. Loading again mostly helps.
        </p>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
      </div>
      <button type="button" onClick={() => location.reload()}>
        Load again
      </button>
    </main>
  );
}
