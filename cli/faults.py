"""Why a command did not take effect, and the exit code that says so."""

from __future__ import annotations


class Fault(Exception):
    """A command did not take effect. ``str()`` is the sentence that says why and how to mend it."""

    code = 1


class Refused(Fault):
    """A rule, or the person at the keyboard, said no. Nothing was changed."""


class Misused(Fault):
    """The command line or a file cannot be taken as it is."""

    code = 2


class OutOfReach(Fault):
    """The engine or the record does not answer."""

    code = 3
