"""Changing a running cycle: `move`, `capacity`, `remind` and `cancel`."""
