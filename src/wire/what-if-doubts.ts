/** What an answer about the past does not know, in words. */
import type { WhatIf } from '../app/what-if.ts';
import type { Unknowns } from '../domain/what-if/unknowns.ts';
import { counted } from './counted.ts';

/** Something the past cannot say, and how many runs it is about; null when about all. */
export interface Doubt {
  readonly code: string;
  readonly runs: number | null;
  readonly says: string;
}

/** By what is not known of runs: what follows their number. */
const aboutRuns: readonly (readonly [key: keyof Unknowns, code: string, says: string])[] = [
  [
    'unsure',
    'unsure',
    'unsure at worst: life that is not in the log may have kept them, as beats without news ' +
      'within a quarter of the lease in force, or output',
  ],
  [
    'thinned',
    'thinned',
    'judged by their longest silence only: their beats were thinned out, and their times are ' +
      'not there',
  ],
  [
    'outside',
    'outside',
    'without process evidence (claimed through a door): silent for good is taken for dead',
  ],
  [
    'local',
    'local',
    'of dispatchers, which see the process: claim-ttl is nothing to them unless it stands still ' +
      'or its host is lost',
  ],
  ['ownLease', 'own_lease', 'with a lease of their own, which no policy changes'],
  ['tooShort', 'too_short', 'too short to tell: over before any of these policies could act'],
  ['open', 'open', 'not over yet'],
  ['cut', 'cut', 'ended by a person or a time limit: what they would have done is not known'],
  ['cameBack', 'came_back', 'heard of after being given up: taken to have lived all along'],
];

const notSimulated =
  'Every run is judged on its own; what the fleet would have done after the first other ' +
  'decision is not simulated.';
const missingPid =
  'A pid that was missing and turned up again leaves no trace: a shorter crash-grace may be ' +
  'worse than it looks.';

/** What the answer does not know; what concerns none of its runs is left out. */
export function doubtsOf({
  unknowns,
  agreement,
  axes,
  recordedPolicies,
}: WhatIf): readonly Doubt[] {
  const doubts: Doubt[] = [{ code: 'not_simulated', runs: null, says: notSimulated }];
  const triesGrace = axes.some(({ key }) => key === 'crashGraceMs');
  const add = (code: string, runs: number, says: string) => {
    if (runs > 0) doubts.push({ code, runs, says: `${counted(runs, 'run')} ${says}.` });
  };
  for (const [key, code, says] of aboutRuns) add(code, unknowns[key], says);
  if (triesGrace) doubts.push({ code: 'missing_pid', runs: unknowns.gone, says: missingPid });
  if (recordedPolicies > 1) {
    const says =
      `The claims recorded ${recordedPolicies} policies: what is not tried is as each claim ` +
      'recorded it, and the last one counts as in force.';
    doubts.push({ code: 'several_policies', runs: null, says });
  }
  const unwatched = 'outlived a silence that their own policy ends: no dispatcher was looking';
  add('not_looked_at', agreement.onlyByModel, unwatched);
  return doubts;
}
