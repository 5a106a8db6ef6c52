#!/bin/sh
# Ignores TERM, and so does what it starts.
trap '' TERM
exec "$(dirname "$0")/forever.sh" "$1"
