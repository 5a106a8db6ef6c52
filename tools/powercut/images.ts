/** Makes images of a disk after power cuts, at every step of a recording, and looks into each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLog } from '../disk/check-log.ts';
import type { Chance } from '../trial/chance.ts';
import { Disk, type Image } from './disk.ts';
import type { Step } from './trace.ts';

/** What was found in the images of one recording. */
export interface Tally {
  readonly images: number;
  /** Images in which an acknowledged append was not there. */
  readonly losing: number;
  /** The most acknowledged appends that one image had lost. */
  readonly lostMax: number;
  /** Images that were not sound, each with its first reason. */
  readonly broken: readonly string[];
}

/** What to make images of. */
export interface ImageRequest {
  readonly steps: readonly Step[];
  /** How many images; they are spread evenly over the steps. */
  readonly images: number;
  readonly chance: Chance;
  /** Where each image is laid out for a moment; memory is best. */
  readonly scratch: string;
  readonly onImage?: () => void;
}

/** Cuts the power that many times, and checks what is left. */
export async function checkImages(request: ImageRequest): Promise<Tally> {
  const { steps, images, chance, scratch, onImage } = request;
  const disk = new Disk();
  const acknowledged: string[] = [];
  const tally = { images: 0, losing: 0, lostMax: 0, broken: [] as string[] };
  for (const [index, step] of steps.entries()) {
    disk.apply(step);
    if (step.kind === 'acknowledge') acknowledged.push(step.name);
    const due = Math.floor(((index + 1) * images) / steps.length);
    while (tally.images < due) {
      const { broken, lost } = await checkImage(disk.cut(chance), acknowledged, {
        scratch,
        chance,
      });
      tally.images += 1;
      if (lost.length > 0) tally.losing += 1;
      tally.lostMax = Math.max(tally.lostMax, lost.length);
      if (broken[0] !== undefined) tally.broken.push(`after step ${index}: ${broken[0]}`);
      onImage?.();
    }
  }
  return tally;
}

async function checkImage(
  image: Image,
  acknowledged: readonly string[],
  { scratch, chance }: { scratch: string; chance: Chance },
) {
  const directory = mkdtempSync(join(scratch, 'image-'));
  try {
    for (const [name, content] of image) {
      writeFileSync(join(directory, name), content, { mode: 0o600 });
    }
    if (chance.happens(0.5)) leaveOldIndex(directory, image, chance);
    return await checkLog(directory, acknowledged);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The index of the write-ahead log is never synced: what is left of it may be anything. */
function leaveOldIndex(directory: string, image: Image, chance: Chance): void {
  if (!image.has('log.db-wal')) return;
  const garbage = Buffer.from(Array.from({ length: 4096 }, () => chance.below(256)));
  writeFileSync(join(directory, 'log.db-shm'), garbage, { mode: 0o600 });
}
