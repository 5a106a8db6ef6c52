/** What another policy would have meant. */
import * as z from 'zod';
import { rangeOf } from '../../app/position-at.ts';
import { whatIf } from '../../app/what-if.ts';
import { refuse } from '../../domain/refusal.ts';
import { durationMsSchema } from '../../domain/task/events.ts';
import { trialCount, triedKeys } from '../../domain/what-if/trial.ts';
import { whatIfJson } from '../../wire/what-if-json.ts';
import { pointSchema } from '../point.ts';
import { readers } from '../principal.ts';
import { type Call, type Route, route } from '../route.ts';

/** Policies judged for one request: it is one of many that this server has to answer. */
const trialsMax = 200;

const moment = z.union([z.number().int().min(0).transform(String), z.string()]).pipe(pointSchema);

const question = z.strictObject({
  /** Values to try, in ms; every combination is a policy. */
  axes: z
    .partialRecord(z.enum(triedKeys), z.array(z.number().int().min(0)).min(1))
    .refine((axes) => Object.keys(axes).length > 0, 'must name a key and its values'),
  from: moment.optional(),
  to: moment.optional(),
  assignee: z.string().min(1).optional(),
  weighMs: durationMsSchema.default(600_000),
});

/** The route that judges the past by other policies. It changes nothing. */
export const whatIfRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/whatif',
    summary: 'what other policies would have meant for the runs of the past',
    allow: readers,
    body: question,
    answer: z.looseObject({ runs: z.number(), policies: z.array(z.looseObject({})) }),
    handle,
  }),
];

async function handle({ board, body, parts }: Call<unknown, unknown, z.infer<typeof question>>) {
  const { from, to, assignee, weighMs } = body;
  const axes = triedKeys.flatMap((key) => {
    const values = body.axes[key];
    return values === undefined ? [] : [{ key, values }];
  });
  const isLease = (key: string) => key === 'claimTtlMs' || key === 'launchLeaseMs';
  if (axes.some(({ key, values }) => isLease(key) && values.includes(0))) {
    const hint = 'Begin with 1000.';
    return refuse('invalid', 'A lease of 0 is none: every run would be over at once.', { hint });
  }
  if (trialCount(axes) > trialsMax) {
    const hint = `Try fewer values: at most ${trialsMax} policies are judged at once.`;
    return refuse('invalid', `That makes ${trialCount(axes)} policies.`, { hint });
  }
  const range = await rangeOf(board.log, { from, to }, board.nowMs());
  if (range.refused) return range;
  const asked = { axes, from: range.first, to: range.last, assignee, weighMs };
  // Others are answered meanwhile.
  const breathe = () => new Promise<void>((resolve) => parts.timers.immediate(resolve));
  return { json: whatIfJson(await whatIf(board, asked, breathe)) };
}
