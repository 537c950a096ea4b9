"""The words: what is written to people, in their languages, with calendar entries."""
