/**
 * Copies a board, and is killed on its way: so many ms after a stage has come to a place.
 * Arguments: home, from, to, stage, place, ms.
 */
import { createCopying } from '../../../src/main/copy.ts';
import { realPorts } from '../real-ports.ts';

const [home, from, to, stage, place, afterMs] = process.argv.slice(2) as [string, ...string[]];
const placeOf = (given = '') => (given.startsWith('esdb:') ? { url: given } : { directory: given });
const die = () => process.kill(process.pid, 'SIGKILL');

const { copy } = createCopying({ home, log: realPorts });
await copy(placeOf(from), placeOf(to), (at, { done }) => {
  if (at !== stage || done < Number(place)) return;
  if (afterMs === '0') die();
  else setTimeout(die, Number(afterMs));
});
