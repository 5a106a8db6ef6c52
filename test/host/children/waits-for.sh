#!/bin/sh
# Waits until the file given exists, then exits with the code given.
until [ -e "$1" ]; do
  sleep 0.01
done
exit "$2"
