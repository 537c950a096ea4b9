"""The rules: what may happen in a cycle, and what time will ask for.

Pure. Nothing here reads a clock, draws a random number, logs, or does I/O; instants and ids arrive inside the
commands. See ``docs/developer.md``.
"""
