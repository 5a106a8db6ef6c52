#!/bin/sh
# On TERM it tidies up with another program, writes the file given, and exits with 7.
trap 'sleep 0.2; : >"$1.tidied"; exit 7' TERM
echo $$ >"$1"
while :; do
  sleep 0.05
done
