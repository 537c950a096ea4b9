"""How a cycle is told to staff: names behind references, moments, events and decisions in words. No door, no record."""
