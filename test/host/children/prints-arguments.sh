#!/bin/sh
# Prints its arguments, each followed by a NUL, as it received them.
printf '%s\0' "$@"
