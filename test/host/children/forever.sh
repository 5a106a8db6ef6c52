#!/bin/sh
# Writes its pid to the file given, then waits to be ended.
echo $$ >"$1.draft" && mv "$1.draft" "$1"
exec sleep 1000
