/**
 * The launcher: a shell of a few lines between the dispatcher and the worker.
 *
 * It waits for `go` on descriptor 3. If the dispatcher dies first, the pipe closes and the launcher
 * leaves without having done anything, so no worker ever runs without its spawn being recorded.
 * When the startup guard says no, the dispatcher closes the pipe itself. One line in the run's log
 * says so. After `go` it stays as the parent that writes the exit status down, dispatcher or no
 * dispatcher.
 */

/** The shell every system of this kind has. */
const shellPath = '/bin/sh';

/** What the launcher exits with when it started nothing; the status file is the real answer. */
export const notStartedCode = 125;

/**
 * Arguments: status file, program (absolute, so that no builtin of the shell is meant), arguments.
 *
 * The command runs in the foreground, because a background one would ignore INT and QUIT and lose
 * its stdin. The traps keep the launcher alive through a TERM to the whole group; being handlers
 * that do nothing, not `''`, they are back to default in the worker.
 */
const script = `
status=$1
shift
if ! read -r word <&3 || [ "$word" != go ]; then
  echo 'logboard launcher: not started: nobody let this worker go' >&2
  echo not_started >>"$status"
  exit ${notStartedCode}
fi
exec 3<&-
echo started >>"$status"
trap : HUP INT TERM
"$@"
code=$?
echo "exit $code" >>"$status"
exit $code
`;

/** The launcher's command line; the worker's own, taken verbatim, comes behind it. */
export function launcherCommand(statusPath: string): readonly string[] {
  return [shellPath, '-c', script, 'logboard-launcher', statusPath];
}
