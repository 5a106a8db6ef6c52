#!/bin/sh
# Exits with the code given, or by the signal given.
case $1 in
  [0-9]*) exit "$1" ;;
  *) kill -s "$1" $$ ;;
esac
