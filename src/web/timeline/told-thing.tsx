/** A stretch or a mark in words. */
import type { Telling } from '../../gantt/tell.mjs';

/** The headline and the facts. */
export function ToldThing({ telling }: { readonly telling: Telling }) {
  return (
    <>
      <h2>{telling.headline}</h2>
      <dl>
        {telling.facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
