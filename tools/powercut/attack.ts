/** The power fails at any moment: what was acknowledged is there, and the board opens by itself. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../disk/attack.ts';
import { createChance } from '../trial/chance.ts';
import { withScratch } from '../trial/scratch.ts';
import { checkImages, type Tally } from './images.ts';
import type { Step } from './trace.ts';
import { record, type Workload, workloads } from './workloads.ts';

/** How much to try, and with what. */
export interface PowerCutRequest {
  /** Images in all, spread over the workloads. */
  readonly images: number;
  /** Runs of the checkpointing workload in which one sync fails, each at another place. */
  readonly failingSyncs: number;
  readonly seed: number;
  /** The workload's program: `appending-process`. */
  readonly program: string;
  /** An empty directory. */
  readonly directory: string;
  readonly onImage?: (done: number) => void;
}

interface WorkloadTally extends Tally {
  readonly workload: string;
}

interface Findings {
  readonly held: readonly WorkloadTally[];
  /** With commits that are not synced: this must lose something. */
  readonly control: Tally;
  /** Appends acknowledged after a sync had failed without SQLite minding; none may be lost. */
  readonly acknowledgedAfterFailure: number;
}

const control: Workload = 'at NORMAL';

/** Images of the control: it loses something in most of them. */
const controlImages = 50;

/**
 * Records every workload and cuts the power everywhere in it: half of the images are of disks that
 * do as they are told, half of disks where one sync fails.
 */
export function cutPower(request: PowerCutRequest): Promise<Verdict> {
  return withScratch((scratch) => cutEverywhere(request, createCutter(request, scratch)));
}

async function cutEverywhere(request: PowerCutRequest, cut: Cutter): Promise<Verdict> {
  const names = (Object.keys(workloads) as Workload[]).filter((name) => name !== control);
  const held: WorkloadTally[] = [];
  for (const workload of names) {
    const images = Math.ceil(request.images / 2 / names.length);
    held.push({ workload, ...(await cut.images(cut.record(workload), images)) });
  }
  const { tallies, acknowledgedAfterFailure } = await failSyncs(request, cut);
  const lossy = await cut.images(cut.record(control), controlImages);
  return verdictOf({ held: [...held, ...tallies], control: lossy, acknowledgedAfterFailure });
}

type Cutter = ReturnType<typeof createCutter>;

function createCutter(request: PowerCutRequest, scratch: string) {
  const chance = createChance(request.seed);
  let recorded = 0;
  let done = 0;
  const onImage = () => {
    done += 1;
    request.onImage?.(done);
  };
  return {
    record(workload: Workload, failingSync?: number): readonly Step[] {
      recorded += 1;
      const directory = join(request.directory, String(recorded));
      mkdirSync(directory);
      const { program } = request;
      const fault = failingSync === undefined ? {} : { failingSync };
      return record({ workload, program, directory, ...fault });
    },
    images: (steps: readonly Step[], images: number) =>
      checkImages({ steps, images, chance, scratch, onImage }),
  };
}

/**
 * Lets syncs fail, one a run: the first ones, in which the log is made and each is another, and
 * then some from all over the workload that has the most kinds of them.
 */
async function failSyncs({ failingSyncs, images }: PowerCutRequest, cut: Cutter) {
  const workload = 'checkpoint';
  const syncs = cut.record(workload).filter(({ kind }) => kind === 'sync').length;
  const runs = Math.min(failingSyncs, syncs);
  const tallies: WorkloadTally[] = [];
  let acknowledgedAfterFailure = 0;
  for (let run = 0; run < runs; run += 1) {
    const failing = run < runs / 2 ? run + 1 : 1 + Math.floor((run * syncs) / runs);
    const steps = cut.record(workload, failing);
    const failed = steps.findIndex((step) => step.kind === 'sync' && step.failed);
    const later = steps.slice(failed).filter(({ kind }) => kind === 'acknowledge');
    acknowledgedAfterFailure += failed < 0 ? 0 : later.length;
    const name = `${workload} with sync ${failing} failing`;
    tallies.push({ workload: name, ...(await cut.images(steps, Math.ceil(images / 2 / runs))) });
  }
  return { tallies, acknowledgedAfterFailure };
}

/** Adds everything up. */
function verdictOf({ held, control: lossy, acknowledgedAfterFailure }: Findings): Verdict {
  const sum = (of: (tally: Tally) => number) =>
    held.map(of).reduce((total, each) => total + each, 0);
  const broken = held.flatMap(({ workload, losing, lostMax, broken: reasons }) => [
    ...(losing > 0 ? [`${workload}: ${losing} images lost up to ${lostMax} appends`] : []),
    ...reasons.map((reason) => `${workload}: ${reason}`),
  ]);
  if (lossy.losing === 0) broken.push('nothing was lost at NORMAL: these images prove nothing');
  return {
    figures: {
      images: sum((tally) => tally.images),
      'images that lost an acknowledged append': sum((tally) => tally.losing),
      'images that were not sound': sum((tally) => tally.broken.length),
      'acknowledged after a sync failed unnoticed': acknowledgedAfterFailure,
      'images at NORMAL': lossy.images,
      'images at NORMAL that lost an acknowledged append': lossy.losing,
    },
    broken,
  };
}
