"""Rehearsal: a whole year played by the very rules that will run, with a pure clock, sending nothing."""
