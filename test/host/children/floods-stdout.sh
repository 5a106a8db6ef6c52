#!/bin/sh
# Prints the given number of bytes as fast as it can.
yes 'a line of forty characters, with newline' | head -c "$1"
