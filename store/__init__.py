"""The record: the database of people, inbox, outbox, journal, prompts and answers."""
