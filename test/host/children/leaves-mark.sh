#!/bin/sh
# Creates the file given: proof that the command ran.
: >"$1"
