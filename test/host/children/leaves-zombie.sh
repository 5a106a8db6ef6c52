#!/bin/sh
# Stops its parent and exits, so that nobody waits for it.
kill -STOP $PPID
until grep -q '^State:.T' "/proc/$PPID/status"; do
  :
done
