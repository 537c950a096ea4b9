"""Lists of people and of answers."""
