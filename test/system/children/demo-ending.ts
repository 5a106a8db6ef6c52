/** The end of the demo, on a small board: `demo-ending.ts DIR`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRoot } from '../../../src/main.ts';
import { endDemo, isAttended } from '../../../tools/demo/ending.ts';
import { configurationPath, createTasks } from '../../../tools/demo/plan.ts';

const [directory = ''] = process.argv.slice(2);
mkdirSync(directory);
writeFileSync(configurationPath(directory), 'maxRunning: 1\n');
const house = createRoot({ environment: process.env, directory, userHome: directory });
const board = await house.openBoard(directory, { access: 'create', policy: undefined });
const commands = board.as({ actor: { kind: 'human', id: 'demo' }, surface: 'sdk' });
await commands.changeBoard({ type: 'CreateBoard', name: 'demo', epoch: board.log.epoch });
const folders = ['hull', 'keel', 'mast'].map((name) => ({ path: `/${name}`, name, files: [] }));
const cast = await createTasks(commands, { root: '/', name: 'yard', board: directory, folders });
await board.close();
const checks = [{ what: 'it floats', ok: true, found: '3 folders' }];
const ending = { asJson: false, isServed: isAttended(), tookMs: 1_000 };
process.exitCode = await endDemo(house, { directory, cast, checks }, ending);
