"""Effects: one file for each thing that is done in the world."""
