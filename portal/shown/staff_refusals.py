"""What staff are told when a rule says no: the refusals that they meet most, in their own language."""

from __future__ import annotations

from portal.speech import PageWords, mark

SAID = {
    "AlreadyDecided": mark("This was decided already, and that stands."),
    "NoLongerNeeded": mark("This decision is no longer needed: what it was about is settled or has changed."),
    "LettersChanged": mark("The letters are not those that you were shown any more. Read them as they stand now."),
    "NotYourDecision": mark("You hold no role in this cycle that may do this."),
    "SecondPersonNeeded": mark("A second person decides this: you started the cycle or had a hand in it."),
    "MovedIntoPast": mark("This moment is past. Choose one that is still to come."),
    "AlreadyHappened": mark("It has happened already, and the past does not move."),
    "NotRunning": mark("The engine does not know this cycle. Whoever looks after the computer can mend that."),
}
"""The sentence for each; whatever is not here is said by the rules themselves, in English."""


def said_by(words: PageWords, name: str, sentence: str) -> tuple[str, str]:
    """The refusal in words, and the language that they are in."""
    if name in SAID:
        return words.gettext(SAID[name]), words.language
    return sentence, "en"
