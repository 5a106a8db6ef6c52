/** Why something stands where it stands, as programs see it. These names are permanent. */
import type { Decider, Explanation, RefusedWrite, Sighting } from '../domain/why/explanation.ts';
import { isoTime } from './iso-time.ts';

/**
 * The answer as one object. `rule.inputs` has the figures as the rule had them: durations in ms
 * under names that end in `Ms`, moments in UTC ms under names that end in `AtMs`.
 */
export function whyJson(explanation: Explanation) {
  const { subject, headline, rule, decidedBy, prevention, unknown, more } = explanation;
  return {
    id: subject.id,
    kind: subject.kind,
    taskId: subject.kind === 'task' ? subject.id : subject.taskId,
    status: subject.kind === 'task' ? subject.status : null,
    outcome: subject.kind === 'run' ? subject.outcome : null,
    headline,
    rule: { name: rule.name, text: rule.text, inputs: rule.inputs },
    seen: explanation.seen.map(seenJson),
    decidedBy: decidedBy && deciderJson(decidedBy),
    prevention,
    unknown,
    chain: explanation.chain.map(({ atMs, ...link }) => ({ ...link, at: isoTime(atMs) })),
    more,
    refusals: explanation.refusals.map(refusedJson),
    refusalsMore: explanation.refusalsMore,
  };
}

function seenJson({ text, position, atMs }: Sighting) {
  return { text, position, at: isoTime(atMs) };
}

function deciderJson({ kind, id, surface, position, atMs }: Decider) {
  return { kind, id, surface, position, at: isoTime(atMs) };
}

function refusedJson({ atMs, ...write }: RefusedWrite) {
  return { ...write, at: isoTime(atMs) };
}
