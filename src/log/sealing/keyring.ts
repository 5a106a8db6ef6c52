/** The keys of tasks, as sealing sees them, and the fault of a key that is not there. */

/** What is known of a task's key. A key that is missing was lost; only the store says forgotten. */
export type KeyState =
  | { readonly is: 'held'; readonly key: Buffer }
  | { readonly is: 'forgotten' }
  | { readonly is: 'none' };

/** Keys by task. Reads throw a `busy` fault, as every database does: try again. */
export interface Keyring {
  /** Whether there are keys at all; as long as there are none, nothing is sealed. */
  exists(): boolean;
  keyOf(taskId: string): KeyState;
  /** Whether tasks that are created from now on get a key. */
  sealsNewTasks(): boolean;
  /** Makes keys for those that have none; they survive a power cut once this resolves. */
  makeKeys(taskIds: readonly string[]): Promise<void>;
  close(): void;
}

/** Text is sealed, and its key is neither there nor destroyed on purpose. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing';
  readonly code = 'key_missing';
  readonly hint =
    "Put the board's keys.db back, or restore it with the log: `logboard restore --keys`.";

  constructor(taskId: string) {
    super(`The text of ${taskId} is encrypted, and its key is not in keys.db`);
  }
}
