/** What another lease would have meant for the runs of an incident, as part of a report. */
import { whatIf } from '../app/what-if.ts';
import { costMs } from '../domain/what-if/score.ts';
import { counted, figure } from '../wire/counted.ts';
import { span } from '../wire/span.ts';
import { falseCount, policyWords, reasonsOf } from '../wire/what-if-words.ts';
import { markdownProse, markdownTable } from './markdown.ts';
import type { ReportSubject } from './report-section.ts';

/** Leases that are tried, in ms; the one in force comes in by itself. */
const leasesMs = [30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000];

/** A table of leases, and the reasons for the best one; empty where nothing ran. */
export async function underOtherLeases({ board, window }: ReportSubject): Promise<string> {
  const axes = [{ key: 'claimTtlMs', values: leasesMs }] as const;
  const answer = await whatIf(board, { axes, from: window?.first, to: window?.last });
  if (answer.runs === 0) return '';
  const rows = answer.scores.map((score, index) => {
    const is = [
      ...(index === answer.best?.index && !answer.best.isTie ? ['**best**'] : []),
      ...(index === answer.currentIndex ? ['in force'] : []),
    ];
    return [
      policyWords(score.trial),
      falseCount(score),
      `${figure(score.noticed)} of ${figure(score.noticed + score.missed)}`,
      score.delayMedianMs === null ? '–' : span(score.delayMedianMs),
      span(costMs(score, answer.weighMs)),
      is.join(', '),
    ];
  });
  const heads = ['Policy', 'Given up alive', 'Dead ones noticed', 'After', 'Cost', ''];
  return [
    `Each of ${counted(answer.runs, 'run')} judged on its own by another lease:`,
    markdownTable(heads, rows),
    reasonsOf(answer)
      .map((reason) => `- ${markdownProse(reason)}`)
      .join('\n'),
    '*Nothing is simulated after the first decision that would have been another one: see ' +
      '`logboard whatif --help`.*',
  ].join('\n\n');
}
