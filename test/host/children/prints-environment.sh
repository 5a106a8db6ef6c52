#!/bin/sh
# Prints its environment, each entry followed by a NUL.
exec env -0
