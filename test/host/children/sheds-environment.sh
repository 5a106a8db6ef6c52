#!/bin/sh
# Leaves a process without environment and without parent in its session, which ignores TERM.
(env -i /bin/sh "$(dirname "$0")/ignores-term.sh" "$1" &)
exec sleep 1000
