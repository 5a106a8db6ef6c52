/** Which values of the policy to try: the options for them, and what may not be asked. */
import { type Command, Option } from 'commander';
import {
  type Axis,
  type TriedKey,
  trialCount,
  trialsMax,
  triedKeys,
} from '../domain/what-if/trial.ts';
import { type DurationSteps, durationSteps } from './duration-steps.ts';
import { UsageError } from './usage-error.ts';

/** The options, as they come in. */
export interface AxisOptions {
  readonly claimTtl?: DurationSteps;
  readonly crashGrace?: DurationSteps;
  readonly launchLease?: DurationSteps;
  readonly maxSilent?: DurationSteps;
  readonly staleAfter?: DurationSteps;
}

/** What is tried when nothing else is asked for. */
const defaultTtl = '30s..1h';

/** Declares the options. */
export function addAxisOptions(command: Command): Command {
  const axis = (flags: string, what: string) => new Option(flags, what).argParser(durationSteps);
  return command
    .addOption(axis('--claim-ttl <values>', `how long a run may stay silent (${defaultTtl})`))
    .addOption(axis('--crash-grace <values>', 'how long a missing pid proves nothing'))
    .addOption(axis('--launch-lease <values>', 'how long a worker may take to be spawned'))
    .addOption(axis('--max-silent <values>', 'how old a run must be to go stale'))
    .addOption(axis('--stale-after <values>', 'how long without progress is stale; 0 is never'));
}

/** Steps of a range without a count: the more axes, the fewer. */
const stepsByAxes = [10, 10, 8, 5, 4, 3];

/** The axes that the options ask for. Throws `UsageError` when they make no sense. */
export function axesOf(options: AxisOptions): readonly Axis[] {
  const given = triedKeys.flatMap((key) => {
    const values = options[optionOf[key]];
    return values === undefined ? [] : [{ key, values }];
  });
  const asked =
    given.length === 0
      ? [{ key: 'claimTtlMs' as const, values: durationSteps(defaultTtl) }]
      : given;
  const steps = stepsByAxes[asked.length] ?? 3;
  const axes = asked.map(({ key, values }) => ({ key, values: values(steps) }));
  refuseNonsense(axes);
  return axes;
}

const optionOf = {
  claimTtlMs: 'claimTtl',
  crashGraceMs: 'crashGrace',
  launchLeaseMs: 'launchLease',
  maxSilentMs: 'maxSilent',
  staleAfterMs: 'staleAfter',
} as const satisfies Record<TriedKey, keyof AxisOptions>;

function refuseNonsense(axes: readonly Axis[]): void {
  const isZero = axes.find(({ key, values }) => isLease(key) && values.includes(0));
  if (isZero !== undefined) {
    throw new UsageError(
      'A lease of 0 is none: every run would be over at once.',
      'Begin with 1s.',
    );
  }
  const count = trialCount(axes);
  if (count <= trialsMax) return;
  throw new UsageError(
    `That makes ${count} policies; at most ${trialsMax} are judged at once.`,
    'Try fewer values, or fewer steps: 30s..10m/5.',
  );
}

function isLease(key: TriedKey): boolean {
  return key === 'claimTtlMs' || key === 'launchLeaseMs';
}
