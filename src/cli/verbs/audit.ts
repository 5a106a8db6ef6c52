/** `audit`: a signed copy of what happened, for others to check without the board. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { counted } from '../../wire/counted.ts';
import { boardPlace } from '../board-place.ts';
import { type PastMoment, pastMoment } from '../past-moment.ts';
import { withProgress } from '../progress.ts';
import { plainLine } from '../sanitize.ts';
import type { AuditChecked } from '../upkeep.ts';
import { UsageError } from '../usage-error.ts';
import type { Context, Input, Result, Verb } from '../verb.ts';

interface Options {
  readonly from?: PastMoment;
  readonly to?: PastMoment;
  readonly output?: string;
  readonly key?: string;
  readonly against?: string;
}

/** Exports and checks. */
export const verb: Verb<Options> = {
  configure,
  run,
  examples: [
    ['logboard audit export -o october.audit', 'everything so far, signed with your own key'],
    ['logboard audit export --from -1d', 'the last day; the hash before it ties it to the rest'],
    ['logboard audit check october.audit --key SHA256:…', 'on any machine, without the board'],
    ['logboard audit check october.audit --against .logboard', 'and whether a board still agrees'],
  ],
};

function configure(command: Command): void {
  const moment = (flag: string, what: string) => new Option(flag, what).argParser(pastMoment);
  command
    .argument('<action>', 'export or check')
    .argument('[file]', 'the export to check')
    .addOption(moment('--from <moment>', 'export: the first event; default the first of all'))
    .addOption(moment('--to <moment>', 'export: the last event; default the last of all'))
    .option('-o, --output <file>', 'export: where to; it must not exist')
    .option('--key <file|fingerprint>', 'check: whose signature it has to be')
    .option('--against <board>', 'check: also compare it with this board');
}

async function run(context: Context, { args, options }: Input<Options>): Promise<Result> {
  const [action, file] = args;
  if (action === 'export' && file === undefined) return write(context, options);
  if (action === 'check' && file !== undefined) return check(context, file, options);
  throw new UsageError(
    args.length === 1 && action === 'check'
      ? 'audit check takes a file.'
      : `There is no \`audit ${plainLine(args.join(' '))}\`.`,
    'Use `audit export [-o <file>]` or `audit check <file>`.',
  );
}

async function write(context: Context, { from, to, output }: Options): Promise<Result> {
  const { directory } = context.existingPlace();
  const nowMs = context.io.nowMs();
  const file = resolve(context.io.directory, output ?? nameAt(nowMs));
  const upkeep = await context.root.upkeep();
  const wanted = { from: from?.from(nowMs), to: to?.from(nowMs), file, nowMs };
  const made = await withProgress(context, (tell) =>
    upkeep.exportAudit(directory, wanted, (progress) => tell('exporting', progress)),
  );
  if (made.refused) return made;
  const { refused: _, ...facts } = made;
  const { bytes, first, last, fingerprint, publicKeyFile } = made;
  const did = context.style.paint('good', '✓ signed');
  return {
    json: () => facts,
    text: () =>
      [
        `${did}  positions ${first} to ${last} in ${plainLine(file)} (${counted(bytes, 'byte')})`,
        `  key ${fingerprint}`,
        '  for whoever checks: that fingerprint, or the public key in',
        `  ${plainLine(publicKeyFile)}`,
      ].join('\n'),
  };
}

/** A name that says when, and sorts: logboard-20261121-101500.audit. */
function nameAt(nowMs: number): string {
  const [day = '', time = ''] = new Date(nowMs).toISOString().replace(/[-:]/g, '').split(/[T.]/);
  return `logboard-${day}-${time}.audit`;
}

async function check(context: Context, name: string, options: Options): Promise<Result> {
  const { io, root, style } = context;
  const against = options.against === undefined ? undefined : boardAt(context, options.against);
  const file = resolve(io.directory, name);
  const upkeep = await root.upkeep();
  const key = keyAt(context, options.key);
  const found = await withProgress(context, (tell) =>
    upkeep.checkAudit(file, { key, against }, (progress) => tell('checking', progress)),
  );
  if (found.refused) return found;
  const { refused: _, header, footer, ...rest } = found;
  return {
    json: () => ({ ok: true, file, ...header, ...footer, ...rest }),
    text: () => [style.paint('good', '✓ genuine'), ...told(found)].join('\n'),
  };
}

/** A fingerprint as it is, a file by its absolute path. */
function keyAt({ io }: Context, key: string | undefined): string | undefined {
  return key === undefined || key.startsWith('SHA256:') ? key : resolve(io.directory, key);
}

function boardAt(context: Context, choice: string): string {
  const { io, root } = context;
  const { directory } = boardPlace(choice, { ...io, home: root.home });
  if (root.hasBoard(directory)) return directory;
  throw new UsageError(`There is no board in ${plainLine(directory)}.`, 'Name its directory.');
}

function told({ header, footer, exportedAt, fingerprint, ...found }: AuditChecked): string[] {
  const { from, to, board, epoch, before } = header;
  const whole = /^0+$/.test(before) ? 'from its beginning' : `after ${before.slice(0, 12)}…`;
  const known = found.isKeyKnown
    ? 'as expected'
    : 'compare it with one you have from the signer, or give --key';
  return [
    `  board   ${plainLine(board ?? 'without a name')}, epoch ${plainLine(epoch)}`,
    `  events  ${footer.events}, positions ${from} to ${to}, ${whole}`,
    ...(footer.thinned > 0
      ? [`  thinned ${counted(footer.thinned, 'heartbeat')} before the export`]
      : []),
    `  signed  ${exportedAt}, log at ${found.log.position}`,
    `  key     ${fingerprint}: ${known}`,
    ...comparedLines(found.compared),
  ];
}

function comparedLines(compared: AuditChecked['compared']): readonly string[] {
  if (compared === null) return [];
  const { isSameEpoch, thinnedSince } = compared;
  const thinned = thinnedSince > 0 ? `; ${counted(thinnedSince, 'heartbeat')} thinned since` : '';
  const epoch = isSameEpoch ? '' : '; it has another epoch, as a restored copy has';
  return [`  against the board says the same${thinned}${epoch}`];
}
