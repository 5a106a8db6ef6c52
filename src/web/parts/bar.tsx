/** A bar of what is left of something; the words beside it say the same. */

/** How much there is, from 0 to 1. */
export function Bar({ share, look }: { readonly share: number; readonly look: string }) {
  return (
    <span className={`bar ${look}`} aria-hidden="true">
      <span style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}
