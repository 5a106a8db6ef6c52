/** The edge of the drawer: it is drawn with a pointer, or moved with the arrow keys. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react';
import { allowed, stepPx, usualWidth, widthMax, widthMin } from './drawer-width.ts';

/** The edge. */
export function DrawerEdge({ drawer, width, onWidth }: DrawerEdgeProps) {
  const isDrawn = useRef(false);
  const now = () => drawer.current?.offsetWidth ?? widthMin;

  function draw({ clientX, currentTarget, pointerId }: PointerEvent): void {
    if (!isDrawn.current || !currentTarget.hasPointerCapture(pointerId)) return;
    onWidth(allowed(innerWidth - clientX, innerWidth));
  }

  function press(event: KeyboardEvent): void {
    const ends = { Home: widthMin, End: widthMax(innerWidth) };
    const steps = { ArrowLeft: now() + stepPx, ArrowRight: now() - stepPx };
    const wanted = { ...ends, ...steps }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    onWidth(allowed(wanted, innerWidth));
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      role="separator"
      className="drawer-edge"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the drawer"
      aria-valuemin={widthMin}
      aria-valuemax={widthMax(innerWidth)}
      aria-valuenow={allowed(width ?? usualWidth(innerWidth), innerWidth)}
      title="Drag, or use the arrow keys; a double click makes it as it was"
      onKeyDown={press}
      onDoubleClick={() => onWidth(undefined)}
      onPointerDown={({ currentTarget, pointerId }) => {
        isDrawn.current = true;
        currentTarget.setPointerCapture(pointerId);
      }}
      onPointerMove={draw}
      onPointerUp={() => {
        isDrawn.current = false;
      }}
    />
  );
}

interface DrawerEdgeProps {
  readonly drawer: RefObject<HTMLElement | null>;
  /** Undefined while the page chooses it. */
  readonly width: number | undefined;
  readonly onWidth: (px: number | undefined) => void;
}
