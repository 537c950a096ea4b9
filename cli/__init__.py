"""The coordinator's desk on a terminal."""
