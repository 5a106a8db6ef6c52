/** What another policy would have meant, as a document for programs. */
import type { WhatIf } from '../app/what-if.ts';
import { costMs, type Score } from '../domain/what-if/score.ts';
import { isoTime } from './iso-time.ts';
import { doubtsOf } from './what-if-doubts.ts';
import { reasonsOf } from './what-if-words.ts';

/** The answer as JSON. A delay that is null and a `missed` above 0: never noticed. */
export function whatIfJson(answer: WhatIf): unknown {
  const { best, axes, agreement } = answer;
  const policies = answer.scores.map((score, index) => policyJson(answer, score, index));
  return {
    runs: answer.runs,
    firstClaimAt: isoTime(answer.firstClaimAtMs),
    lastClaimAt: isoTime(answer.lastClaimAtMs),
    weighMs: answer.weighMs,
    axes: axes.map(({ key, values }) => ({ key, valuesMs: values })),
    inForce: answer.current,
    policies,
    best:
      best === null
        ? null
        : { ...policies[best.index], isTie: best.isTie, reasons: reasonsOf(answer) },
    recorded: {
      policies: answer.recordedPolicies,
      givenUp: agreement.givenUp,
      givenUpByModel: agreement.givenUpByBoth,
      onlyByModel: agreement.onlyByModel,
      falseReclaims: agreement.falseReclaims,
      latenessMedianMs: agreement.latenessMedianMs,
    },
    unknown: doubtsOf(answer),
  };
}

function policyJson({ weighMs, best, currentIndex }: WhatIf, score: Score, index: number) {
  const { trial, example, ...figures } = score;
  return {
    policy: trial,
    isInForce: index === currentIndex,
    isBest: index === best?.index,
    costMs: costMs(score, weighMs),
    ...figures,
    example: example && { runId: example.runId, rule: example.by, afterClaimMs: example.atMs },
  };
}
