#!/bin/sh
# Starts a child without environment in a session of its own, which ignores TERM, and waits.
env -i /usr/bin/setsid /bin/sh "$(dirname "$0")/ignores-term.sh" "$1" &
exec sleep 1000
