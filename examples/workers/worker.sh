#!/bin/sh
# Takes one task of a board and works on it, with nothing but a shell and curl.
# Needs LOGBOARD_URL, LOGBOARD_TOKEN_FILE, LOGBOARD_ASSIGNEE. Exit code 5: nothing to do.
set -eu

scratch=$(mktemp -d)
beating=
trap 'if [ -n "$beating" ]; then kill "$beating" 2>/dev/null || true; fi; rm -rf "$scratch"' EXIT

# Tokens go through a file that only we can read: a command line is seen by everybody.
umask 077
authorize() { printf 'Authorization: Bearer %s\n' "$1" >"$scratch/authorization"; }

# say PATH JSON: answers the HTTP status; the answer itself is in $scratch/answer.
say() {
  curl -sS -m 40 -o "$scratch/answer" -w '%{http_code}' -H @"$scratch/authorization" \
    -H 'Content-Type: application/json' -d "$2" "$LOGBOARD_URL/api/v1/$1"
}

# field NAME: a plain text or number of the answer, which is one line. Use jq where you have it.
field() { tr ',' '\n' <"$scratch/answer" | sed -n 's/^{*"'"$1"'":"*\([^"}]*\).*/\1/p' | head -n 1; }

authorize "$(cat "$LOGBOARD_TOKEN_FILE")"
status=$(say claims "{\"assignee\":\"$LOGBOARD_ASSIGNEE\",\"waitMs\":${LOGBOARD_WAIT_MS:-30000}}")
[ "$status" = 204 ] && exit 5
[ "$status" = 201 ] || { cat "$scratch/answer" >&2; exit 1; }
run=$(field runId)
task=$(field taskId)
every=$(($(field leaseMs) / 4000))
authorize "$run.$(field token)"
echo "working on $task in $run"

# Beats beside the work, which a plain no ends; a board that is away may come back.
work=$$
(
  trap 'kill "$!"; exit' TERM
  while :; do
    sleep "$((every > 0 ? every : 1))" &
    wait "$!"
    case $(curl -sS -m 10 -o /dev/null -w '%{http_code}' -H @"$scratch/authorization" \
      -H 'Content-Type: application/json' -d '{}' "$LOGBOARD_URL/api/v1/runs/$run/heartbeat") in
      4*) kill "$work" ;;
    esac
  done
) >/dev/null 2>&1 &
beating=$!

# The work: here it counts to three. What it prints could go to runs/$run/log.
for page in 1 2 3; do
  say "runs/$run/progress" "{\"progress\":0.$((page * 3)),\"note\":\"page $page of 3\"}" >/dev/null
  sleep "${LOGBOARD_EXAMPLE_PACE:-1}"
done

status=$(say "runs/$run/complete" '{"summary":"3 pages","metadata":{"pages":3}}')
[ "$status" = 200 ] || { cat "$scratch/answer" >&2; exit 4; }
echo "done"
