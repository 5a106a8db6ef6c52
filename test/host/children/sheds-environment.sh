#!/bin/sh
# Starts a child without any environment that stays in the session and ignores TERM; then waits.
env -i /bin/sh "$(dirname "$0")/ignores-term.sh" "$1" &
exec sleep 1000
