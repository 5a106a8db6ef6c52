/** Why a log is not copied. */
import { LogUnavailable, type Position } from '../event-log.ts';

/** What stands at the target is not the beginning of the source, or belongs to another board. */
export function targetDiffers(label: string, found: string): LogUnavailable {
  return new LogUnavailable(`${label} is not the beginning of the board to copy: ${found}`, {
    code: 'copy_target_differs',
    hint: 'Name a place where there is nothing yet; what is there stays as it is.',
    retryable: false,
  });
}

/** The source was thinned after a part of it had been copied. */
export function thinnedSince(label: string, position: Position): LogUnavailable {
  return new LogUnavailable(
    `${label} still has heartbeats that were thinned out of the board, such as ${position}`,
    {
      code: 'copy_thinned_since',
      hint: 'Copy the board to a place where there is nothing yet.',
      retryable: false,
    },
  );
}

/** The text of a task is encrypted, and its key would stay behind. */
export function sealedAt(position: Position): LogUnavailable {
  return new LogUnavailable(`The event at position ${position} is encrypted`, {
    code: 'copy_sealed',
    hint:
      'A board with encrypted tasks stays on its machine; a copy there is made with ' +
      '`logboard backup --keys` and `logboard restore --keys`.',
    retryable: false,
  });
}

/** What was copied does not come to the hash that the source has. */
export function notEqual(label: string, position: Position): LogUnavailable {
  return new LogUnavailable(`${label} and the board that was copied differ at ${position}`, {
    code: 'copy_not_equal',
    hint: 'Run `logboard verify` on the board; if it is sound, copy it to another place.',
    retryable: false,
  });
}

/** Another copy was faster, or somebody else writes there; what is there tells which. */
export function targetMoved(label: string, stream: string): LogUnavailable {
  return new LogUnavailable(`Somebody else has written to ${stream} of ${label}`, {
    code: 'copy_target_moved',
    hint: 'Copy again: it goes on from what is there, or says that it does not fit.',
    retryable: true,
  });
}
