"""Wiring: worker processes, and the embedded stack of `kierros up`."""
