#!/bin/sh
# Leaves a grandchild in a session of its own, whose parent is gone, then exits at once.
(setsid "$(dirname "$0")/forever.sh" "$1" &)
