#!/bin/sh
# Exits at once, while a child of its own keeps stdout and stderr open.
"$(dirname "$0")/forever.sh" "$1" &
exit 0
