"""People: `register` and their like."""
