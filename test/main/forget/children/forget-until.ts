/** Begins to forget a task, and is killed at a stage: `forget-until <board> <task> <stage>`. */
import { createRoot, openBoardAt } from '../../../../src/main.ts';

const [directory = '', taskId = '', deadly = ''] = process.argv.slice(2);
const world = { environment: process.env, directory, userHome: directory };
const board = await openBoardAt(directory, { access: 'write', policy: undefined });
const upkeep = await createRoot(world).upkeep();
const commands = board.as({ actor: { kind: 'human', id: 'kai' }, surface: 'cli' });
await upkeep.forget(directory, board, {
  taskIds: [taskId],
  keepArtifacts: false,
  tombstone: (id) => commands.markForgotten(id, 'asked for'),
  onStage: (stage) => {
    if (stage === deadly) process.kill(process.pid, 'SIGKILL');
  },
});
