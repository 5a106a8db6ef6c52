/** What the exit of a worker elsewhere means: the rules are those of workers started here. */
import type { Config } from '../config.ts';
import { answerTo } from '../dispatcher/answer.ts';
import { exitMeaning } from '../dispatcher/worker-definition.ts';
import type { WorkerExit } from '../http/door-parts.ts';

/** The one difference: who wraps any program says so by that, and so code 0 completes its run. */
export function endOfRemoteRun(config: () => Pick<Config, 'workers' | 'policy'>) {
  return ({ exit, lastLine, assignee, artifacts, tokenHash }: WorkerExit) => {
    const { workers, policy } = config();
    const definition = workers[assignee ?? ''];
    const said = 'code' in exit ? exitMeaning(definition, exit.code) : undefined;
    const isPlain = 'code' in exit && exit.code === 0;
    return answerTo(exit, {
      meaning: said ?? (isPlain ? 'complete' : undefined),
      lastLine,
      artifacts: artifacts.map(({ name, sha256, bytes }) => ({
        path: name,
        sha256,
        sizeBytes: bytes,
      })),
      tokenHash,
      rateLimitHoldMs: policy.rateLimitHoldMs,
      evidence: { exit, seen: 'by the worker program elsewhere' },
    });
  };
}
