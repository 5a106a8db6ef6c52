// @ts-check
/** A view on its way to another one, where motion is welcome. */
import { browser } from './browser.mjs';
import { between } from './view.mjs';

/** How long a step of the zoom takes, in ms. */
const glideMs = 160;

/**
 * Moves the view of a scene, and paints it on each step of the way.
 *
 * @param {import('./paint-rows.mjs').Scene} scene
 * @param {() => void} paint
 */
export function createGlide(scene, paint) {
  const still = browser.matchMedia('(prefers-reduced-motion: reduce)');
  let frame = 0;
  const stop = () => browser.cancelAnimationFrame(frame);

  /** @param {import('./view.mjs').Span} target */
  function to(target) {
    stop();
    const [from, startMs] = [scene.view, browser.performance.now()];
    const tookMs = still.matches ? 0 : glideMs;
    const step = () => {
      const passedMs = browser.performance.now() - startMs;
      const share = passedMs >= tookMs ? 1 : passedMs / tookMs;
      scene.view = share === 1 ? target : between(from, target, share);
      paint();
      if (share < 1) frame = browser.requestAnimationFrame(step);
    };
    frame = browser.requestAnimationFrame(step);
  }

  return { to, stop };
}
