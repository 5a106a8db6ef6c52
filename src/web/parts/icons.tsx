/** The few signs of the page, drawn as lines; words beside them say the same. */
import type { ReactNode } from 'react';
import type { ColumnKey } from '../state/columns.ts';

function sign(children: ReactNode) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** Signs by their names. */
export const icons = {
  plus: sign(<path d="M8 3v10M3 8h10" />),
  more: sign(<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" className="dots" />),
  close: sign(<path d="m4 4 8 8M12 4l-8 8" />),
  search: sign(<path d="M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9ZM10.5 10.5 14 14" />),
  pause: sign(<path d="M5.5 3.5v9M10.5 3.5v9" />),
  play: sign(<path d="M5 3.5v9l7-4.5Z" />),
  back: sign(<path d="m10.5 3.5-5 4.5 5 4.5" />),
  on: sign(<path d="m5.5 3.5 5 4.5-5 4.5" />),
  toStart: sign(<path d="M4 3.5v9M12 3.5 7 8l5 4.5" />),
  toEnd: sign(<path d="M12 3.5v9M4 3.5 9 8l-5 4.5" />),
  clock: sign(<path d="M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 5v3.2l2 1.6" />),
  comment: sign(<path d="M3 3h10v7.5H7L4.5 13v-2.5H3Z" />),
  children: sign(<path d="M4 3v8.5h4M4 6.5h4M10.5 5h2.5v3h-2.5ZM10.5 10h2.5v3h-2.5Z" />),
  up: sign(<path d="M8 13V3.5M4 7l4-4 4 4" />),
  unfold: sign(<path d="m4.5 6.5 3.5 3.5 3.5-3.5" />),
  down: sign(<path d="M8 3v9.5M4 9l4 4 4-4" />),
  sun: sign(
    <>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" />
    </>,
  ),
  moon: sign(<path d="M13 9.5A5.5 5.5 0 1 1 6.5 3 4.5 4.5 0 0 0 13 9.5Z" />),
  half: sign(
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" className="solid" />
    </>,
  ),
  check: sign(<path d="m3 8.5 3.5 3.5L13 4.5" />),
  warning: sign(<path d="M8 2.5 14.5 13.5h-13ZM8 6.5v3.2M8 11.5h.01" />),
} as const;

const glyphs: Readonly<Record<ColumnKey, ReactNode>> = {
  triage: <circle cx="8" cy="8" r="5.5" strokeDasharray="1.5 2" />,
  waiting: <circle cx="8" cy="8" r="5.5" strokeDasharray="4 2.5" />,
  ready: <circle cx="8" cy="8" r="5.5" />,
  running: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 4.5a3.5 3.5 0 0 1 0 7Z" className="solid" />
    </>
  ),
  review: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <circle cx="8" cy="8" r="2" className="solid" />
    </>
  ),
  blocked: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M5 8h6" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="5.5" className="solid" />
      <path d="m5.5 8.2 1.8 1.8 3.4-3.8" className="cut" />
    </>
  ),
  archived: <path d="M3 4.5h10M4 4.5v8h8v-8M6.5 7.5h3" />,
};

/** The sign of a column, in its colour. */
export function Glyph({ column }: { readonly column: ColumnKey }) {
  return (
    <svg className={`icon glyph ${column}`} viewBox="0 0 16 16" aria-hidden="true">
      {glyphs[column]}
    </svg>
  );
}
