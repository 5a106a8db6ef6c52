/** All shapes, by their name. */
import type { Shape } from './shape.ts';
import { claimsRace } from './shapes/claims-race.ts';
import { concurrency } from './shapes/concurrency.ts';
import { mixed } from './shapes/mixed.ts';
import { parentGate } from './shapes/parent-gate.ts';
import { photoFinish, reclaimRace } from './shapes/reclaim-race.ts';
import { zombie } from './shapes/zombie.ts';

const all = [reclaimRace, photoFinish, concurrency, mixed, parentGate, claimsRace, zombie];

/** Every shape there is. */
export const shapes: Readonly<Record<string, Shape>> = Object.fromEntries(
  all.map((shape) => [shape.name, shape]),
);
